// Asking the membership daemon and reading its report with distrust: a key that is missing is an empty answer.
#include "cli/cluster/ring.hpp"

#include "common/io/loop.hpp"
#include "common/io/unix_socket.hpp"

namespace relevo::cli::cluster {
namespace {

std::string text_in(const nlohmann::json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

Result<std::string> converse(const io::Root& root, Duration limit, const char* late,
                             const std::function<void(membership::Client&, const Answered&)>& ask) {
  io::Loop loop;
  Result<std::string> answer = fail(ErrorKind::timeout, "{}", late);
  membership::Handlers handlers;
  handlers.on_lost = [&](const std::string& reason) {
    answer = fail(ErrorKind::not_connected, "the membership daemon hung up: {}", reason);
    loop.stop();
  };
  auto client = membership::Client::connect(loop, root.membership_socket(), std::move(handlers));
  if (!client) return pass(client.error());
  ask(**client, [&](Result<std::string> result) {
    answer = std::move(result);
    loop.stop();
  });
  io::Timer timer(loop);
  timer.after(limit, [&] { loop.stop(); });
  loop.run();
  return answer;
}

Result<nlohmann::json> ask_ring(const io::Root& root, Duration limit) {
  const auto text = converse(root, limit, "the membership daemon did not answer in time",
                             [](auto& client, const Answered& done) { client.report("status", done); });
  if (!text) return pass(text.error());
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return fail(unreadable_report);
  return json;
}

RingSummary summarize(const nlohmann::json& report) {
  RingSummary summary;
  summary.cluster = text_in(report, "cluster_name");
  summary.node = text_in(report, "name");
  summary.ring = text_in(report, "ring_id");
  summary.state = text_in(report, "state");
  if (const auto quorum = report.find("quorum"); quorum != report.end() && quorum->is_object()) {
    summary.quorate = quorum->value("quorate", false);
    summary.quorum_reason = text_in(*quorum, "reason");
  }
  const auto nodes = report.find("nodes");
  if (nodes == report.end() || !nodes->is_array()) return summary;
  for (const auto& node : *nodes) {
    if (!node.is_object()) continue;
    (node.value("member", false) ? summary.members : summary.missing).push_back(text_in(node, "name"));
  }
  return summary;
}

bool resmgr_answers(const io::Root& root) {
  io::Loop loop;
  return io::connect_unix(loop, root.resmgr_socket()).has_value();
}

}  // namespace relevo::cli::cluster
