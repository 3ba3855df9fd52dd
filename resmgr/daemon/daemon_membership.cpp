// The shell's side towards relevo-membershipd: connecting again and again, events in, multicasts out.
#include "common/log/log.hpp"
#include "resmgr/daemon/daemon.hpp"

namespace relevo::resmgr {
namespace {
constexpr auto connect_again_after = std::chrono::milliseconds(50);
constexpr auto send_again_after = std::chrono::milliseconds(2);
}  // namespace

void Daemon::connect() {
  auto client = membership::Client::connect(loop_, root_.membership_socket(), handlers());
  if (!client) {
    if (!std::exchange(told_unreachable_, true))
      log::write(Level::warning, "{}; trying again until it answers", client.error().message);
    return connect_later();
  }
  told_unreachable_ = false;
  membership_ = std::move(*client);
}

void Daemon::connect_later() {
  connect_timer_.after(connect_again_after, [this] {
    membership_.reset();
    connect();
  });
}

membership::Handlers Daemon::handlers() {
  membership::Handlers h;
  h.on_welcome = [this](const membership::Welcome& welcome) { on_welcome(welcome); };
  h.on_configuration = [this](const Configuration& configuration) { feed(configuration); };
  h.on_quorum = [this](const QuorumView& quorum) { feed(quorum); };
  h.on_group = [this](const groups::GroupView& view) { feed(view); };
  h.on_message = [this](const groups::GroupMessage& message) { feed(message); };
  h.on_lost = [this](const std::string& reason) {
    waiting_.clear();
    feed(controller::MembershipLost{reason});
    connect_later();
  };
  return h;
}

void Daemon::on_welcome(const membership::Welcome& welcome) {
  controller::Connected connected{welcome.local, welcome.client, {}};
  std::string local_name;
  for (const auto& node : welcome.nodes) {
    connected.nodes.push_back({node.id, node.name});
    if (node.id == welcome.local) local_name = node.name;
  }
  if (!runner_) make_executor(local_name, fmt::format("{}", welcome.local));
  feed(std::move(connected));
}

void Daemon::send_waiting() {
  while (!waiting_.empty() && membership_) {
    const auto& next = waiting_.front();
    const auto sent = membership_->multicast(controller::group_name, next.guarantee, next.payload);
    if (!sent && sent.error().kind == ErrorKind::try_again) {
      send_timer_.after(send_again_after, [this] { send_waiting(); });
      return;
    }
    // Anything else means that the connection is ending: what was not sent is sent again after the next sync.
    if (!sent && sent.error().kind != ErrorKind::not_connected)
      log::write(Level::error, "a message to the other nodes was refused: {}", sent.error().message);
    waiting_.pop_front();
  }
}

}  // namespace relevo::resmgr
