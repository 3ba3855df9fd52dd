// The membership daemon's shell: sockets, clock, disk and local programs around the pure stack.
#include "membership/daemon/daemon.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/report.hpp"

namespace relevo::membership {

Daemon::Daemon(io::Loop& loop, Setup setup)
    : loop_(loop), setup_(std::move(setup)), store_(loop, setup_.root.state_dir(), setup_.self),
      arbiter_(loop, setup_.root.config_dir() + "/arbiter.token",
               [this](const stack::Input& input) {
                 step(input);
                 after_steps();
               }),
      breath_(loop), timer_(loop) {}

Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::create(io::Loop& loop, Setup setup, stack::Random& random) {
  std::unique_ptr<Daemon> daemon(new Daemon(loop, std::move(setup)));
  const auto& s = daemon->setup_;
  auto stack = stack::Stack::create({s.self, s.config, s.addresses, s.key, s.config_text}, random);
  if (!stack) return in_context(stack.error(), s.config_path);
  daemon->stack_ = std::move(*stack);
  if (auto made = io::make_directories(s.root.state_dir(), 0750); !made) return pass(made.error());
  if (auto made = io::make_directories(s.root.run_dir()); !made) return pass(made.error());
  SessionHooks hooks;
  hooks.step = [d = daemon.get()](const stack::Input& input) {
    d->step(input);
    d->arm_timer();
    d->breathe();
  };
  hooks.has_ring = [d = daemon.get()] { return d->has_ring(); };
  hooks.report = [d = daemon.get()](const std::string& what) { return d->report(what); };
  hooks.control = [d = daemon.get()](const std::string& command, const Reply& reply) { d->control(command, reply); };
  daemon->sessions_ = std::make_unique<Sessions>(daemon->welcome(), std::move(hooks));
  daemon->load_access();
  // The socket first: its lock keeps a second daemon of the same root from touching anything else.
  if (auto up = daemon->sessions_->listen(loop, s.root.membership_socket()); !up) return pass(up.error());
  if (auto open = daemon->open_sockets(); !open) return pass(open.error());
  return daemon;
}

Status Daemon::open_sockets() {
  const auto& local = setup_.addresses.at(setup_.self);
  for (std::size_t i = 0; i < local.size(); ++i) {
    const LinkId link(static_cast<std::uint8_t>(i));
    auto socket = io::UdpSocket::bind(loop_, local[i]);
    if (!socket) return in_context(socket.error(), fmt::format("link {}", link));
    sockets_[link] = listen_on(link, std::move(*socket));
  }
  return {};
}

std::unique_ptr<io::UdpSocket> Daemon::listen_on(LinkId link, std::unique_ptr<io::UdpSocket> socket) {
  socket->receive([this, link](const auto& batch) { on_packets(link, batch); });
  watch_path(link, *socket);
  return socket;
}

Welcome Daemon::welcome() const {
  Welcome out;
  out.local = setup_.self;
  out.cluster_name = setup_.config.totem.cluster_name;
  for (const auto& node : setup_.config.nodes) out.nodes.push_back({node.id, node.name, node.addresses, node.votes});
  return out;
}

Status Daemon::start() {
  Notes notes = setup_.config.notes;
  const auto stored = store_.load(notes);
  // Without a stored number the clock gives one beyond any that an earlier life of this node can have reached.
  const auto floor = static_cast<std::uint64_t>(std::max<std::int64_t>(loop_.wall().seconds, 1)) * 1000;
  if (stored == 0) notes.push_back(note(Level::notice, "no ring number on disk: it starts after {:x}", floor));
  log::write(notes);
  if (auto refused = step(stack::Start{stored, floor}))
    return fail(refused->kind, "{} (in {}; when that cannot be, remove the ringid files there)", refused->message, setup_.root.state_dir());
  arbiter_.configure(setup_.config.quorum.device);
  if (failed_) return fail("the number of the first ring cannot be stored in {}", setup_.root.state_dir());
  after_steps();
  return {};
}

void Daemon::on_packets(LinkId link, const std::vector<io::Datagram>& batch) {
  in_turn_ = true;
  for (const auto& packet : batch) step(stack::Datagram{link, packet.from, packet.bytes});
  after_steps();
}

std::optional<Error> Daemon::step(const stack::Input& input) {
  if (failed_ || stopping_) return std::nullopt;
  auto output = stack_->step(input, loop_.now());
  perform(output);
  return std::move(output.refused);
}

void Daemon::perform(stack::Output& output) {
  if (output.store_ring_seq) {
    if (auto stored = store_.store(*output.store_ring_seq); !stored) {
      // Nothing of this step may leave: a ring whose number is not on disk could come back after a restart. The ring
      // has moved inside the core already, so the only safe way on is a new start.
      log::write(output.notes);
      log::write(Level::error, "the ring number cannot be stored, so this node leaves: {}", stored.error().message);
      failed_ = true;
      loop_.stop();
      return;
    }
  }
  for (const auto& event : output.reload) on_reload_event(event);
  outbox_.add(std::move(output.sends));
  if (!in_turn_) send_later();
  for (const auto& event : output.events) sessions_->deliver(event);
  log::write(output.notes);
  perform_keys(output);
  arbiter_.perform(output.arbiter);
  if (output.asked_to_leave) {
    // Not now: a step is being performed, and what it says must reach the others first.
    loop_.post([this, by = *output.asked_to_leave] { stop(fmt::format("asked to by node {}", by)); });
  }
}

void Daemon::after_steps() {
  in_turn_ = true;
  sessions_->retry();
  // What became due by the steps of this turn, a heartbeat that answers one above all, leaves with them: arming the
  // timer for it would cost another turn of the loop.
  if (const auto due = stack_->next_deadline(); due && *due <= loop_.now()) step(stack::Tick{});
  in_turn_ = false;
  outbox_.flush(sockets_);
  arm_timer();
  breathe();
}

/// A local program that reads too slowly would be cut off in the end. Before that the node, and with it the ring, waits
/// for it a little: on a busy host it may be this very process that keeps the program from its processor.
void Daemon::breathe() {
  const auto pause = still_ || stopping_ || failed_ ? Duration{} : sessions_->breath();
  if (pause == Duration{}) return;
  const auto stand = [this](bool still) {
    still_ = still;
    sessions_->stand_still(still);
    for (auto& [link, socket] : sockets_) socket->hold(still);
  };
  stand(true);
  breath_.after(pause, [this, stand] {
    stand(false);
    after_steps();
  });
}

/// At the end of this turn of the loop: what local programs ask for in one turn leaves together.
void Daemon::send_later() {
  if (send_posted_ || outbox_.empty()) return;
  send_posted_ = true;
  loop_.post([this] {
    send_posted_ = false;
    outbox_.flush(sockets_);
  });
}

void Daemon::arm_timer() {
  const auto next = stopping_ || failed_ ? std::nullopt : stack_->next_deadline();
  if (next == armed_) return;
  armed_ = next;
  if (!next) return timer_.cancel();
  timer_.at(*next, [this] {
    armed_.reset();
    in_turn_ = true;
    step(stack::Tick{});
    after_steps();
  });
}

bool Daemon::has_ring() const { return !stopping_ && stack_->status().state == "operational"; }

void Daemon::stop(const std::string& why) {
  if (stopping_) return;
  log::write(Level::notice, "leaving the ring: {}", why);
  step(stack::Leave{});
  outbox_.flush(sockets_);
  stopping_ = true;
  timer_.cancel();
  sessions_->close();
  loop_.stop();
}

Result<std::string> Daemon::report(const std::string& what) const {
  if (what == "keys") return keys_report();
  if (what == "groups") return groups_report(*stack_);
  if (what == "cmap") return cmap_report(configuration_map(stack_->status(), setup_.config));
  if (what == "cmap-stats") return cmap_report(since_cleared(statistics_map(stack_->status(), shell_facts()), cleared_));
  if (what == "status") return status_report(stack_->status(), setup_.config, shell_facts());
  return fail(ErrorKind::invalid, "no report is called '{}': use status, groups, keys, cmap or cmap-stats", what);
}

/// A node that has left the cluster for good cannot do what takes a ring; without this it would say yes, or nothing.
bool Daemon::refuse_aside(const std::string& command, const Reply& reply) const {
  const auto parts = words(command);
  if (aside_.empty() || parts.empty()) return false;
  for (const auto* own : {"shutdown", "reopen-logs", "clear-statistics"})
    if (parts[0] == own) return false;
  reply(fail(ErrorKind::not_connected, "this node is not in the cluster: {}; start relevo-membershipd anew", aside_));
  return true;
}

void Daemon::control(const std::string& command, const Reply& reply) {
  if (refuse_aside(command, reply)) return;
  if (trim(command) == "reload") return reload(reply);
  if (control_keys(command, reply)) return;
  reply(control_now(command));
}

Result<std::string> Daemon::control_now(const std::string& command) {
  const auto parts = words(command);
  const auto decide = [this](const stack::Input& input) -> Result<std::string> {
    if (auto refused = step(input)) return pass(std::move(*refused));
    arm_timer();
    return "";
  };
  if (parts == std::vector<std::string>{"reopen-logs"}) return reopen_logs();
  if (parts.size() == 2 && parts[0] == "clear-statistics") return clear_statistics(parts[1]);
  if (parts.size() == 2 && parts[0] == "leave-node") {
    const auto id = parse_uint(parts[1]);
    if (!id || *id == 0 || *id > UINT32_MAX) return fail(ErrorKind::invalid, "leave-node: a node id, not '{}'", parts[1]);
    return decide(stack::AskToLeave{NodeId(static_cast<std::uint32_t>(*id))});
  }
  if (parts == std::vector<std::string>{"cancel-wait-for-all"}) return decide(stack::CancelWaitForAll{});
  if (parts == std::vector<std::string>{"shutdown"}) {
    loop_.post([this] { stop("asked to by a local program"); });
    return "";
  }
  if (parts.size() == 2 && parts[0] == "expected-votes") {
    const auto votes = parse_uint(parts[1]);
    if (!votes || *votes == 0 || *votes > 65535) {
      return fail(ErrorKind::invalid, "expected-votes: a number from 1 to 65535, not '{}'", parts[1]);
    }
    return decide(stack::SetExpectedVotes{static_cast<std::uint32_t>(*votes)});
  }
  return fail(ErrorKind::invalid,
              "no command is called '{}': use reload, reopen-logs, shutdown, expected-votes NUMBER, cancel-wait-for-all, "
              "leave-node ID, key-rotate, key-retire ID or clear-statistics knet|totem|ipc|schedmiss|all",
              command);
}

}  // namespace relevo::membership
