// The blocking client: one request, one answer; events when it watches.
#include "resmgr/client/client.hpp"

#include <nlohmann/json.hpp>

#include "resmgr/client/line.hpp"
#include "resmgr/client/protocol.hpp"

namespace relevo::resmgr {

using nlohmann::json;

struct Client::Impl {
  Line line;
  std::chrono::milliseconds timeout;
  std::uint64_t last_id = 0;

  Result<json> call(json request, std::chrono::milliseconds limit) {
    const auto id = ++last_id;
    request["id"] = id;
    if (auto sent = line.send(frame_request, write_json(request), limit); !sent) return pass(sent.error());
    for (;;) {
      auto frame = line.receive(limit);
      if (!frame) return pass(explain(frame.error(), request));
      if (frame->type != frame_reply) continue;  // an event of an earlier watch
      auto answer = read_json(frame->payload);
      if (!answer) return in_context(answer.error(), "the daemon's answer");
      if (number_of(*answer, "id") != id) continue;  // of a call that ran out of time
      if (answer->contains("error")) return pass(error_from((*answer)["error"]));
      return answer;
    }
  }

  static Error explain(Error error, const json& request) {
    if (error.kind != ErrorKind::timeout && error.kind != ErrorKind::not_connected) return error;
    const auto op = text_of(request, "op");
    if (op == "apply" || op == "cleanup") {
      error.kind = ErrorKind::timeout;
      error.message += "; the change may have been applied";
    }
    return error;
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::connect(const std::string& socket_path, Duration timeout) {
  auto line = Line::connect(socket_path);
  if (!line) {
    if (line.error().kind == ErrorKind::permission)
      return fail(ErrorKind::permission, "no right to talk to the cluster on this node ({})", line.error().message);
    return fail(ErrorKind::not_connected,
                "the cluster is not running on this node ({}); start it with 'relevo cluster start'",
                line.error().message);
  }
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(timeout);
  return Client(std::make_unique<Impl>(Impl{std::move(*line), limit}));
}

Result<json> Client::request(const json& request) {
  if (!request.is_object()) return fail(ErrorKind::invalid, "a request is a JSON object");
  return impl_->call(request, impl_->timeout);
}

Result<Snapshot> Client::snapshot() {
  const auto answer = impl_->call({{"op", "snapshot"}}, impl_->timeout);
  if (!answer) return pass(answer.error());
  return snapshot_from(answer->value("snapshot", json::object()));
}

Result<cib::Version> Client::apply(const cib::Change& change) {
  const auto answer = impl_->call({{"op", "apply"}, {"change", to_json(change)}}, impl_->timeout);
  if (!answer) return pass(answer.error());
  return version_from(answer->value("version", json::object()));
}

Result<std::vector<std::string>> Client::cleanup(const std::string& resource, const std::string& node, bool refresh) {
  const auto answer = impl_->call(
      {{"op", "cleanup"}, {"resource", resource}, {"node", node}, {"refresh", refresh}}, impl_->timeout);
  if (!answer) return pass(answer.error());
  std::vector<std::string> cleaned;
  for (const auto& item : answer->value("cleaned", json::array()))
    if (item.is_string()) cleaned.push_back(item.get<std::string>());
  return cleaned;
}

Status Client::wait_idle(Duration limit) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
  const auto answer = impl_->call({{"op", "wait_idle"}}, milliseconds);
  if (answer) return {};
  if (answer.error().kind != ErrorKind::timeout) return pass(answer.error());
  return fail(ErrorKind::timeout, "the cluster is still busy after {} ms", milliseconds.count());
}

Status Client::watch(const std::function<bool(const Snapshot&)>& on_change, int wake_fd,
                     const std::function<bool()>& on_wake) {
  const auto answer = impl_->call({{"op", "subscribe"}}, impl_->timeout);
  if (!answer) return pass(answer.error());
  for (;;) {
    auto frame = impl_->line.receive_or(wake_fd);
    if (!frame) return pass(frame.error());
    if (!frame->has_value()) {
      if (on_wake && !on_wake()) return {};
      continue;
    }
    if ((*frame)->type != frame_event) continue;
    const auto event = read_json((*frame)->payload);
    if (!event) return in_context(event.error(), "an event of the daemon");
    if (!on_change(snapshot_from(*event))) return {};
  }
}

}  // namespace relevo::resmgr
