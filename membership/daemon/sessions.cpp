// The local programs: their connections, their requests, their events.
#include "membership/daemon/sessions.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>

#include "common/io/fd.hpp"
#include "common/log/log.hpp"
#include "membership/client/convert.hpp"

namespace relevo::membership {
namespace {

using Type = ipc::MembershipFrame;

constexpr std::size_t max_sessions = 512;

/// Who asks, for which group, with which tag: to find the answer that belongs to a request.
struct Subject {
  stack::ClientId client = 0;
  std::string_view group;
  std::uint64_t tag = 0;
  bool operator==(const Subject&) const = default;
};

Subject subject_of(const stack::Input& input) {
  if (const auto* m = std::get_if<stack::ClientMulticast>(&input)) return {m->client, m->group, m->tag};
  if (const auto* j = std::get_if<stack::ClientJoin>(&input)) return {j->client, j->group, 0};
  if (const auto* l = std::get_if<stack::ClientLeave>(&input)) return {l->client, l->group, 0};
  return {};
}

struct EncodedEvent {
  Type type;
  Bytes payload;
};

EncodedEvent encode(const stack::EventBody& body) {
  if (const auto* v = std::get_if<Configuration>(&body)) return {Type::configuration, ipc::encode(*v)};
  if (const auto* v = std::get_if<QuorumView>(&body)) return {Type::quorum, ipc::encode(*v)};
  if (const auto* v = std::get_if<groups::GroupView>(&body)) return {Type::group_view, ipc::encode(to_ipc(*v))};
  if (const auto* v = std::get_if<groups::GroupMessage>(&body)) return {Type::group_message, ipc::encode(to_ipc(*v))};
  const auto& rejected = std::get<stack::Rejected>(body);
  return {Type::rejected, ipc::encode(ipc::Rejected{rejected.group, rejected.tag, rejected.error})};
}

}  // namespace

struct Sessions::Session {
  /// A request of the program, or the number of a flush behind the requests before it.
  using Held = std::variant<stack::Input, std::uint32_t>;
  std::unique_ptr<io::Connection> connection;
  std::deque<Held> held;            ///< what the ring could not take yet, in order; reading is paused meanwhile
  std::deque<std::uint32_t> pings;  ///< that wait for a ring
  SessionFacts facts;
};

Sessions::Sessions(Welcome welcome, SessionHooks hooks) : welcome_(std::move(welcome)), hooks_(std::move(hooks)) {}
Sessions::~Sessions() = default;

Status Sessions::listen(io::Loop& loop, const std::string& path) {
  auto server = io::UnixServer::listen(loop, path, access_.socket_mode(), [this](std::unique_ptr<io::Connection> connection) {
    on_client(std::move(connection));
  });
  if (!server) return pass(server.error());
  server_ = std::move(*server);
  loop_ = &loop;
  path_ = path;
  return {};
}

void Sessions::on_client(std::unique_ptr<io::Connection> connection) {
  if (sessions_.size() >= max_sessions) {
    log::write(Level::warning, "a local program was turned away: {} are connected already", max_sessions);
    const auto reason = fmt::format("{} programs are connected already, as many as can be", max_sessions);
    connection->close_with(static_cast<std::uint16_t>(Type::goodbye), ipc::encode(ipc::Goodbye{reason}));
    return;
  }
  if (const auto reason = refusal(connection->peer()); !reason.empty()) {
    // Not worth a line at each attempt: the program itself is told.
    log::write(Level::debug, "a local program (pid {}) was turned away: {}", connection->peer().pid, reason);
    connection->close_with(static_cast<std::uint16_t>(Type::goodbye), ipc::encode(ipc::Goodbye{reason}));
    return;
  }
  const Id id = next_++;
  log::write(Level::debug, "local program {} connected (pid {})", id, connection->peer().pid);
  auto& session = sessions_[id];
  session = std::make_unique<Session>();
  session->connection = std::move(connection);
  const auto peer = session->connection->peer();
  session->facts = {id, peer.pid, peer.uid};
  session->connection->start([this, id](const io::Frame& frame) { on_frame(id, frame); },
                             [this, id](const std::string& reason) { on_gone(id, reason); });
  auto welcome = to_ipc(welcome_);
  welcome.client = id;
  send(id, Type::welcome, ipc::encode(welcome));
  hooks_.step(stack::ClientConnected{id, static_cast<std::uint32_t>(peer.pid)});
}

void Sessions::on_gone(Id id, const std::string& reason) {
  log::write(Level::debug, "local program {} is gone: {}", id, reason);
  forget(id);
}

void Sessions::end(Id id, const std::string& reason) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  auto& session = *found->second;
  log::write(Level::warning, "local program {} (pid {}) is disconnected: {}", id, session.facts.pid, reason);
  session.connection->close_with(static_cast<std::uint16_t>(Type::goodbye), ipc::encode(ipc::Goodbye{reason}));
  forget(id);
}

void Sessions::forget(Id id) {
  unread_.erase(id);
  slow_.erase(id);
  if (sessions_.erase(id) == 0) return;
  ++ended_;
  hooks_.step(stack::ClientGone{id});
}

void Sessions::on_frame(Id id, const io::Frame& frame) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  ++found->second->facts.requests;
  if (auto taken = take(id, frame); !taken) end(id, taken.error().message);
}

Status Sessions::take(Id id, const io::Frame& frame) {
  switch (static_cast<Type>(frame.type)) {
    case Type::join:
    case Type::leave: {
      auto v = ipc::decode_group_request(frame.payload);
      if (!v) return pass(v.error());
      const bool join = static_cast<Type>(frame.type) == Type::join;
      request(id, join ? stack::Input(stack::ClientJoin{id, v->group}) : stack::Input(stack::ClientLeave{id, v->group}));
      return {};
    }
    case Type::multicast: {
      auto v = ipc::decode_multicast_request(frame.payload);
      if (!v) return pass(v.error());
      const auto guarantee = v->safe ? groups::Guarantee::safe : groups::Guarantee::agreed;
      request(id, stack::ClientMulticast{id, std::move(v->group), guarantee, {v->payload.begin(), v->payload.end()}, v->tag});
      return {};
    }
    case Type::flush:
    case Type::ping:
    case Type::report:
    case Type::control: {
      auto v = ipc::decode_numbered_request(frame.payload);
      if (!v) return pass(v.error());
      if (static_cast<Type>(frame.type) == Type::ping) {
        on_ping(id, v->number);
      } else if (static_cast<Type>(frame.type) == Type::flush) {
        on_flush(id, v->number);
      } else if (static_cast<Type>(frame.type) == Type::report) {
        send(id, Type::answer, ipc::encode(ipc::Answer{v->number, hooks_.report(v->text)}));
      } else {
        const std::weak_ptr<bool> alive = alive_;
        hooks_.control(v->text, [this, alive, id, number = v->number](Result<std::string> answer) {
          if (!alive.expired()) send(id, Type::answer, ipc::encode(ipc::Answer{number, std::move(answer)}));
        });
      }
      return {};
    }
    default: return fail(ErrorKind::invalid, "it sent a frame of unknown type {}", frame.type);
  }
}

// A request that the ring cannot take now stays here, and all later ones of the program behind it, so that their order
// is kept. Reading pauses: the program's own queue fills, and its library tells it to try again.
void Sessions::request(Id id, stack::Input input) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  auto& session = *found->second;
  if (session.held.empty() && !still_ && offer(id, input)) return;
  ++session.facts.refusals;
  session.held.emplace_back(std::move(input));
  session.connection->pause_reading(true);
}

bool Sessions::offer(Id, const stack::Input& input) {
  offered_ = &input;
  refused_ = false;
  hooks_.step(input);
  offered_ = nullptr;
  return !refused_;
}

bool Sessions::is_refusal_of_offer(const stack::ClientEvent& event) {
  const auto* rejected = std::get_if<stack::Rejected>(&event.body);
  if (rejected == nullptr || offered_ == nullptr || rejected->error.kind != ErrorKind::try_again) return false;
  const auto subject = subject_of(*offered_);
  return event.clients.size() == 1 && subject == Subject{event.clients[0], rejected->group, rejected->tag};
}

/// The first of what is held is offered, or its flush answered. False when it must wait on.
bool Sessions::retry_one(Id id, Session& session) {
  if (const auto* number = std::get_if<std::uint32_t>(&session.held.front())) {
    send(id, Type::flushed, ipc::encode(ipc::NumberedRequest{*number, {}}));
  } else if (!offer(id, std::get<stack::Input>(session.held.front()))) {
    return false;
  }
  session.held.pop_front();
  if (session.held.empty()) session.connection->pause_reading(false);
  return true;
}

// One request of each program a round, and the next time the round begins behind who was served last: where the ring
// takes little, everybody gets a share of it.
void Sessions::retry() {
  std::vector<Id> waiting;
  for (const auto& [id, session] : sessions_) {
    while (!session->pings.empty() && hooks_.has_ring()) {
      send(id, Type::pong, ipc::encode(ipc::NumberedRequest{session->pings.front(), {}}));
      session->pings.pop_front();
    }
    if (!session->held.empty()) waiting.push_back(id);
  }
  if (still_) return;
  std::rotate(waiting.begin(), std::upper_bound(waiting.begin(), waiting.end(), served_last_), waiting.end());
  while (!waiting.empty()) {
    std::vector<Id> more;
    for (const auto id : waiting) {
      const auto found = sessions_.find(id);
      if (found == sessions_.end()) continue;
      if (!retry_one(id, *found->second)) return;
      served_last_ = id;
      if (!found->second->held.empty()) more.push_back(id);
    }
    waiting = std::move(more);
  }
}

void Sessions::on_flush(Id id, std::uint32_t number) {
  auto& session = *sessions_.at(id);
  if (session.held.empty()) return send(id, Type::flushed, ipc::encode(ipc::NumberedRequest{number, {}}));
  session.held.emplace_back(number);
}

void Sessions::on_ping(Id id, std::uint32_t number) {
  constexpr std::size_t waiting_at_most = 64;  // more from one program tell nothing new
  if (hooks_.has_ring()) return send(id, Type::pong, ipc::encode(ipc::NumberedRequest{number, {}}));
  auto& pings = sessions_.at(id)->pings;
  pings.push_back(number);
  if (pings.size() > waiting_at_most) pings.pop_front();
}

void Sessions::deliver(const stack::ClientEvent& event) {
  if (is_refusal_of_offer(event)) {
    refused_ = true;
    return;
  }
  const auto encoded = encode(event.body);
  if (event.all) {
    for (const auto& [id, session] : sessions_) send(id, encoded.type, encoded.payload);
  } else {
    for (const auto id : event.clients) send(id, encoded.type, encoded.payload);
  }
}

void Sessions::send(Id id, Type type, const Bytes& payload) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || slow_.contains(id)) return;
  auto& session = *found->second;
  ++session.facts.events;
  session.connection->send(static_cast<std::uint16_t>(type), payload);
  watch_unread(id, session);
}

/// Who lets too much wait is noted here and ended from the loop: the core is in the middle of a step now.
void Sessions::watch_unread(Id id, Session& session) {
  constexpr std::size_t worth_counting = std::size_t{1} << 20;
  const auto unread = session.connection->queued();
  if (unread < worth_counting) {
    if (!unread_.empty()) unread_.erase(id);
    return;
  }
  unread_[id] = unread;
  std::size_t all = 0;
  for (auto& [other, bytes] : unread_) all += bytes = sessions_.at(other)->connection->queued();
  auto worst = id;
  if (all > max_unread_of_all)
    worst = std::max_element(unread_.begin(), unread_.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  else if (unread <= max_unread)
    return;
  slow_[worst] = fmt::format("it does not read: {} bytes of events wait for it", unread_[worst]);
  if (slow_.size() > 1) return;  // is on its way
  loop_->post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) end_slow();
  });
}

Duration Sessions::breath() {
  constexpr std::size_t soft_limit = std::size_t{2} << 20;
  std::size_t most = 0;
  for (auto& [id, bytes] : unread_) most = std::max(most, bytes = sessions_.at(id)->connection->queued());
  if (most <= soft_limit) return {};
  return std::min<Duration>(4ms, 250us * static_cast<std::int64_t>(most / soft_limit));
}

void Sessions::end_slow() {
  for (const auto& [id, reason] : std::exchange(slow_, {})) end(id, reason);
}

std::vector<SessionFacts> Sessions::facts() const {
  std::vector<SessionFacts> out;
  for (const auto& [id, session] : sessions_) {
    out.push_back(session->facts);
    out.back().unread = session->connection->queued();
    out.back().held = session->held.size();
  }
  return out;
}

std::string Sessions::refusal(const io::PeerCredentials& peer) const {
  const auto open = std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& it) { return it.second->facts.uid == peer.uid; });
  return access_.refusal(peer, static_cast<std::size_t>(open));
}

void Sessions::set_access(Access access) {
  access_ = std::move(access);
  // Opening is decided at each connection; the mode only keeps those out at the door who cannot be meant.
  if (!path_.empty() && ::chmod(path_.c_str(), access_.socket_mode()) != 0)
    log::write(Level::warning, "the mode of {} cannot be changed: {}", path_, io::errno_text(errno));
}

void Sessions::set_nodes(const Welcome& welcome) {
  welcome_.nodes = welcome.nodes;
  for (const auto& [id, session] : sessions_) {
    auto again = to_ipc(welcome_);
    again.client = id;
    send(id, Type::welcome, ipc::encode(again));
  }
}

void Sessions::disconnect_all(const std::string& reason) {
  std::vector<Id> all;
  for (const auto& [id, session] : sessions_) all.push_back(id);
  for (const auto id : all) end(id, reason);
}

void Sessions::close() {
  server_.reset();
  for (auto& [id, session] : sessions_) {
    const ipc::Goodbye stopping{"it was stopped"};
    session->connection->send(static_cast<std::uint16_t>(Type::goodbye), ipc::encode(stopping));
    session->connection->close();
  }
  sessions_.clear();
  unread_.clear();
  slow_.clear();
}

}  // namespace relevo::membership
