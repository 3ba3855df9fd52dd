// One screen about the membership layer of this node.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/membership/view.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::membership_view {
namespace {

using Json = nlohmann::json;

std::string text(const Json& json, const char* key) { return json.value(key, std::string()); }
std::uint64_t number(const Json& json, const char* key) { return json.value(key, std::uint64_t{0}); }

std::string ring_part(const Json& report) {
  std::vector<std::string> in, out;
  for (const auto& node : report.at("nodes")) (node.value("member", false) ? in : out).push_back(text(node, "name"));
  auto text_of = fmt::format("Cluster {}, this node is {} (id {})\n", text(report, "cluster_name"), text(report, "name"), number(report, "node_id"));
  text_of += fmt::format("Ring      {} ({}{}), {} of {} nodes: {}\n", text(report, "ring_id"), text(report, "state"),
                         report.value("synced", true) ? "" : ", groups not complete yet", in.size(), in.size() + out.size(), join(in, ", "));
  if (!out.empty()) text_of += fmt::format("          not in it: {}\n", join(out, ", "));
  return text_of;
}

std::string quorum_part(const Json& report) {
  const auto& q = report.at("quorum");
  auto out = fmt::format("Quorum    {}: {} of {} votes, {} needed\n", q.value("quorate", false) ? "yes" : "NO", number(q, "total_votes"),
                         number(q, "expected_votes"), number(q, "quorum"));
  if (!text(q, "reason").empty()) out += fmt::format("          {}\n", text(q, "reason"));
  if (q.value("device_configured", false))
    out += fmt::format("Arbiter   {}, {} ({} votes)\n", q.value("device_alive", false) ? "answers" : "DOES NOT ANSWER",
                       q.value("device_vote", false) ? "votes for this partition" : "does not vote for this partition", number(q, "device_votes"));
  return out;
}

std::string links_part(const Json& report) {
  std::size_t all = 0, up = 0;
  std::uint64_t worst = 0;
  for (const auto& peer : report.at("peers"))
    for (const auto& link : peer.at("links")) {
      ++all;
      up += link.value("up", false) ? 1U : 0U;
      worst = std::max(worst, number(link, "loss_permille"));
    }
  const auto options = report.value("options", Json::object());
  return fmt::format("Links     {} of {} up, worst loss {:.1f} %, mode {}\n", up, all, static_cast<double>(worst) / 10, text(options, "link_mode"));
}

std::string timers_part(const Json& report) {
  const auto options = report.value("options", Json::object());
  return fmt::format(
      "Timers    profile {}: heartbeat {} ms, link timeout {} ms and adaptive, token {} ms, consensus {} ms\n"
      "          a node that dies silently is out of the ring after about {} ms\n",
      text(options, "profile"), number(options, "heartbeat_ms"), number(options, "link_timeout_ms"), number(options, "token_ms"),
      number(options, "consensus_ms"), expected_detection_ms(report));
}

std::string keys_part(const Json& keys) {
  if (!keys.is_object() || !keys.contains("keys")) return "";
  std::vector<std::string> list;
  for (const auto& key : keys.at("keys"))
    list.push_back(fmt::format("{} ({})", number(key, "id"), text(key, "state")));
  return fmt::format("Keys      {}{}\n", join(list, ", "), text(keys, "state").empty() ? "" : "; " + text(keys, "state"));
}

std::string programs_part(const Json& report) {
  std::vector<std::string> names;
  for (const auto& p : report.value("programs", Json::array()))
    names.push_back(fmt::format("{} ({})", text(p, "name").empty() ? "?" : text(p, "name"), p.value("pid", 0)));
  if (names.empty()) return "";
  return fmt::format("Programs  {}\n", join(names, ", "));
}

}  // namespace

Result<std::string> status_text(const Json& report, const Json& keys) {
  try {
    auto out = ring_part(report) + quorum_part(report) + links_part(report) + timers_part(report) + keys_part(keys) + programs_part(report);
    const auto list = advice(report, keys);
    if (list.empty()) return out + "\nNothing to do.\n";
    out += "\nTo do:\n";
    for (const auto& a : list) out += fmt::format("  * {}\n    {}\n", a.problem, a.action);
    return out;
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-membershipd cannot be read: {}", e.what());
  }
}

Json status_json(const Json& report, const Json& keys) {
  Json out = report;
  if (keys.is_object()) out["keys"] = keys;
  out["expected_detection_ms"] = expected_detection_ms(report);
  out["advice"] = Json::array();
  for (const auto& a : advice(report, keys)) out["advice"].push_back({{"problem", a.problem}, {"action", a.action}});
  return out;
}

}  // namespace relevo::cli::membership_view
