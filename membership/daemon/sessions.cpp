// The local programs: their connections, their requests, their events. What has to wait: sessions_flow.cpp.
#include "membership/daemon/sessions.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/io/fd.hpp"
#include "common/log/log.hpp"
#include "membership/client/convert.hpp"
#include "membership/daemon/session.hpp"

namespace relevo::membership {
namespace {

using Type = ipc::MembershipFrame;

constexpr std::size_t max_sessions = 512;

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
