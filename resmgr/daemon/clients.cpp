// Requests of tools as JSON, and the answers.
#include "resmgr/daemon/clients.hpp"

#include <pwd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "resmgr/client/protocol.hpp"

namespace relevo::resmgr {
namespace {

using controller::ConnectionId;
using nlohmann::json;

constexpr auto late_after = std::chrono::milliseconds(50);

std::string user_name(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return fmt::format("{}", uid);
}

Result<controller::Request> request_from(const json& value, uid_t uid) {
  const auto op = text_of(value, "op");
  if (op == "snapshot") return controller::SnapshotRequest{};
  if (op == "wait_idle") return controller::WaitIdleRequest{};
  if (op == "subscribe") return controller::SubscribeRequest{};
  if (op == "ping") return controller::PingRequest{};
  if (op == "stop-node" || op == "shutdown") return controller::StopRequest{};
  if (op == "cleanup")
    return controller::CleanupRequest{text_of(value, "resource"), text_of(value, "node"), flag_of(value, "refresh")};
  if (op == "attribute") {
    controller::AttributeRequest request{text_of(value, "node"), text_of(value, "name"), std::nullopt};
    if (request.name.empty()) return fail(ErrorKind::invalid, "an attribute needs a name");
    if (value.contains("value") && value["value"].is_string()) request.value = text_of(value, "value");
    return request;
  }
  if (op != "apply") return fail(ErrorKind::invalid, "unknown request '{}'", op);
  auto change = change_from(value.value("change", json::object()));
  if (!change) return pass(change.error());
  if (change->user.empty()) change->user = user_name(uid);
  return controller::ApplyRequest{std::move(*change)};
}

struct AnswerWriter {
  json& out;
  void operator()(const controller::Done&) const { out["done"] = true; }
  void operator()(const controller::Snapshot& s) const {
    out["snapshot"] = to_json(
        Snapshot{s.cib, s.local_node, s.dc, s.quorate, s.quorum_reason, s.synced, s.idle});
  }
  void operator()(const cib::Version& version) const { out["version"] = to_json(version); }
  void operator()(const controller::Cleaned& cleaned) const {
    auto list = json::array();
    for (const auto& item : cleaned.items) list.push_back(fmt::format("{} on {}", item.resource, item.node));
    out["cleaned"] = std::move(list);
  }
  void operator()(const Error& error) const { out["error"] = to_json(error); }
};

}  // namespace

Clients::Clients(io::Loop& loop, OnInput on_input, TakeSnapshot take_snapshot)
    : loop_(loop), on_input_(std::move(on_input)), take_snapshot_(std::move(take_snapshot)), late_timer_(loop) {}

Status Clients::listen(const std::string& path) {
  auto server = io::UnixServer::listen(loop_, path, 0660,
                                       [this](std::unique_ptr<io::Connection> connection) { accept(std::move(connection)); });
  if (!server) return pass(server.error());
  server_ = std::move(*server);
  return {};
}

void Clients::accept(std::unique_ptr<io::Connection> connection) {
  const ConnectionId id(++last_id_);
  auto& kept = connections_[id];
  kept = std::move(connection);
  kept->start([this, id](const io::Frame& frame) { take(id, frame); },
              [this, id](const std::string&) {
                connections_.erase(id);
                late_.erase(id);
                on_input_(controller::ClientGone{id});
              });
}

void Clients::take(ConnectionId id, const io::Frame& frame) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || frame.type != frame_request) return;
  const auto value = read_json(as_text(frame.payload));
  if (!value) return answer({id, 0, value.error()});
  const auto number = number_of(*value, "id");
  auto request = request_from(*value, found->second->peer().uid);
  if (!request) return answer({id, number, request.error()});
  on_input_(controller::ClientRequest{id, number, std::move(*request)});
}

void Clients::answer(const controller::Reply& reply) {
  const auto found = connections_.find(reply.connection);
  if (found == connections_.end()) return;
  json out{{"id", reply.id}};
  std::visit(AnswerWriter{out}, reply.answer);
  found->second->send(frame_reply, as_bytes(write_json(out)));
}

void Clients::push(const std::vector<ConnectionId>& to) {
  if (to.empty()) return;
  const auto s = take_snapshot_();
  const auto text =
      write_json(to_json(Snapshot{s.cib, s.local_node, s.dc, s.quorate, s.quorum_reason, s.synced, s.idle}));
  for (const auto id : to) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    if (found->second->queued() > 0)
      late_.insert(id);
    else
      found->second->send(frame_event, as_bytes(text));
  }
  if (!late_.empty()) late_timer_.after(late_after, [this] { push_late(); });
}

void Clients::push_late() {
  const std::vector<ConnectionId> to(late_.begin(), late_.end());
  late_.clear();
  push(to);
}

void Clients::close() {
  server_.reset();
  for (auto& [id, connection] : connections_) connection->close();
}

}  // namespace relevo::resmgr
