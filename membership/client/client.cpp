// The client side of the membership socket: requests out, events to the handlers.
#include "membership/client/client.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/io/unix_socket.hpp"
#include "common/ipc/membership.hpp"
#include "membership/client/convert.hpp"
#include "membership/client/listing.hpp"

namespace relevo::membership {
namespace {

using Type = ipc::MembershipFrame;

/// Requests that the daemon does not read, because its ring takes no more, wait up to here. Then: try_again.
constexpr std::size_t queue_limit = 4U << 20;
/// And on_ready is called when no more than this waits.
constexpr std::size_t queue_low = queue_limit / 2;

Error not_connected() { return Error{"the connection to relevo-membershipd is gone", ErrorKind::not_connected}; }

}  // namespace

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
  Handlers handlers;
  std::unique_ptr<io::Connection> connection;  // none once lost
  bool owned = true;                           // the Client lives; without it nobody is called
  std::uint64_t next_tag = 1;
  std::uint32_t next_number = 1;
  bool told_to_wait = false;                   // multicast said try_again and on_ready was not called since
  std::optional<Welcome> welcome;
  std::optional<Configuration> configuration;
  std::optional<QuorumView> quorum;
  std::map<std::uint32_t, std::function<void()>> pings, flushes;
  std::map<std::uint32_t, std::function<void(Result<std::string>)>> answers;

  void send(Type type, const Bytes& payload) {
    if (connection) connection->send(static_cast<std::uint16_t>(type), payload);
  }

  void ask(Type type, const std::string& text, std::function<void(Result<std::string>)> answer) {
    const auto number = next_number++;
    answers.emplace(number, std::move(answer));
    send(type, ipc::encode(ipc::NumberedRequest{number, text}));
  }

  void on_frame(const io::Frame& frame) {
    const auto handled = dispatch(static_cast<Type>(frame.type), frame.payload);
    if (!handled && owned) lost(handled.error().message);
  }

  /// Decodes and, when that went well, hands over. A handler may destroy the Client: nothing of it is used after.
  template <class T, class Handle>
  Status hand_over(Result<T> value, Handle handle) {
    if (!value) return pass(value.error());
    handle(std::move(*value));
    return {};
  }

  Status dispatch(Type type, BytesView in) {
    switch (type) {
      case Type::welcome:
        return hand_over(ipc::decode_welcome(in), [this](auto v) { tell(handlers.on_welcome, welcome.emplace(from_ipc(std::move(v)))); });
      case Type::configuration:
        return hand_over(ipc::decode_configuration(in), [this](auto v) { tell(handlers.on_configuration, configuration.emplace(std::move(v))); });
      case Type::quorum:
        return hand_over(ipc::decode_quorum_view(in), [this](auto v) { tell(handlers.on_quorum, quorum.emplace(std::move(v))); });
      case Type::group_view:
        return hand_over(ipc::decode_group_view(in), [this](auto v) { tell(handlers.on_group, from_ipc(std::move(v))); });
      case Type::group_message:
        return hand_over(ipc::decode_group_message(in), [this](auto v) { tell(handlers.on_message, from_ipc(v)); });
      case Type::rejected:
        return hand_over(ipc::decode_rejected(in), [this](auto v) { tell(handlers.on_rejected, v.group, v.error); });
      case Type::pong:
        return hand_over(ipc::decode_numbered_request(in), [this](auto v) { answer_one(pings, v.number); });
      case Type::flushed:
        return hand_over(ipc::decode_numbered_request(in), [this](auto v) { answer_one(flushes, v.number); });
      case Type::goodbye:
        return hand_over(ipc::decode_goodbye(in), [this](auto v) { lost(v.reason); });
      case Type::answer:
        return hand_over(ipc::decode_answer(in), [this](auto v) { on_answer(std::move(v)); });
      default: return {};  // a newer daemon may say more than this program understands
    }
  }

  template <class Handler, class... Args>
  void tell(const Handler& handler, Args&&... args) {
    if (handler) handler(std::forward<Args>(args)...);
  }

  void answer_one(std::map<std::uint32_t, std::function<void()>>& asked, std::uint32_t number) {
    auto found = asked.extract(number);
    if (!found.empty()) tell(found.mapped());
  }

  void on_answer(ipc::Answer answer) {
    auto found = answers.extract(answer.number);
    if (!found.empty()) tell(found.mapped(), std::move(answer.text));
  }

  /// The daemon reads on: the owner may go on, too.
  void wait_for_room() {
    if (told_to_wait) return;
    told_to_wait = true;
    connection->on_drained(queue_low, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || !self->owned || !self->told_to_wait) return;
      self->told_to_wait = false;
      self->tell(self->handlers.on_ready);
    });
  }

  /// The end of the connection, told once: first to those who wait for an answer, then to the owner.
  void lost(const std::string& reason) {
    connection.reset();
    pings.clear();
    flushes.clear();
    for (auto& [number, answer] : std::exchange(answers, {})) {
      if (owned) tell(answer, pass(Error{"relevo-membershipd: " + reason, ErrorKind::not_connected}));
    }
    if (owned) tell(std::exchange(handlers.on_lost, nullptr), reason);
  }
};

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Client::~Client() {
  impl_->owned = false;
  impl_->connection.reset();
}

Result<std::unique_ptr<Client>> Client::connect(io::Loop& loop, const std::string& socket_path, Handlers handlers) {
  auto connection = io::connect_unix(loop, socket_path);
  if (!connection) return in_context(connection.error(), "relevo-membershipd");
  auto impl = std::make_shared<Impl>();
  impl->handlers = std::move(handlers);
  impl->connection = std::move(*connection);
  // The connection must not keep alive what owns it: a weak reference, made strong while a handler runs.
  const std::weak_ptr<Impl> weak = impl;
  impl->connection->start(
      [weak](const io::Frame& frame) {
        if (const auto self = weak.lock()) self->on_frame(frame);
      },
      [weak](const std::string& reason) {
        if (const auto self = weak.lock()) self->lost(reason);
      });
  return std::make_unique<Client>(std::move(impl));
}

void Client::join(const std::string& group) { impl_->send(Type::join, ipc::encode(ipc::GroupRequest{group})); }
void Client::leave(const std::string& group) { impl_->send(Type::leave, ipc::encode(ipc::GroupRequest{group})); }

Status Client::multicast(const std::string& group, groups::Guarantee guarantee, BytesView payload) {
  if (!impl_->connection) return pass(not_connected());
  if (payload.size() > ipc::max_multicast) {
    return fail(ErrorKind::invalid, "a message of {} bytes is longer than the {} allowed", payload.size(),
                ipc::max_multicast);
  }
  if (group.empty() || group.size() > ipc::max_group_name) {
    return fail(ErrorKind::invalid, "a group's name has 1 to {} bytes, not {}", ipc::max_group_name, group.size());
  }
  if (impl_->connection->queued() >= queue_limit) {
    impl_->wait_for_room();
    return fail(ErrorKind::try_again, "relevo-membershipd takes no more messages for the moment");
  }
  const bool safe = guarantee == groups::Guarantee::safe;
  impl_->send(Type::multicast, ipc::encode(ipc::MulticastRequest{group, safe, impl_->next_tag++, payload}));
  return {};
}

std::size_t Client::room() const {
  const auto queued = impl_->connection ? impl_->connection->queued() : queue_limit;
  return queue_limit - std::min(queued, queue_limit);
}

void Client::flush(std::function<void()> answer) {
  const auto number = impl_->next_number++;
  impl_->flushes.emplace(number, std::move(answer));
  impl_->send(Type::flush, ipc::encode(ipc::NumberedRequest{number, {}}));
}

void Client::list_groups(std::function<void(Result<std::vector<GroupInfo>>)> answer) {
  report("groups", [answer = std::move(answer)](Result<std::string> json) {
    answer(json ? read_groups(*json) : Result<std::vector<GroupInfo>>(pass(json.error())));
  });
}

const std::optional<Welcome>& Client::welcome() const { return impl_->welcome; }
const std::optional<Configuration>& Client::configuration() const { return impl_->configuration; }
const std::optional<QuorumView>& Client::quorum() const { return impl_->quorum; }

void Client::ping(std::function<void()> answer) {
  const auto number = impl_->next_number++;
  impl_->pings.emplace(number, std::move(answer));
  impl_->send(Type::ping, ipc::encode(ipc::NumberedRequest{number, {}}));
}

void Client::report(const std::string& what, std::function<void(Result<std::string> json)> answer) {
  if (!impl_->connection) return answer(pass(not_connected()));
  impl_->ask(Type::report, what, std::move(answer));
}

void Client::command(const std::string& command, std::function<void(Result<std::string>)> answer) {
  if (!impl_->connection) return answer(pass(not_connected()));
  impl_->ask(Type::control, command, std::move(answer));
}

void Client::control(const std::string& command, std::function<void(Status)> answer) {
  if (!impl_->connection) return answer(pass(not_connected()));
  impl_->ask(Type::control, command, [answer = std::move(answer)](Result<std::string> text) {
    if (text) return answer({});
    answer(pass(text.error()));
  });
}

}  // namespace relevo::membership
