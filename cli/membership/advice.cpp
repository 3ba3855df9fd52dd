// What a report shows that somebody should look at, and what helps.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/membership/view.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::membership_view {
namespace {

using Json = nlohmann::json;

std::uint64_t counter(const Json& report, const char* name) {
  const auto counters = report.value("counters", Json::object());
  return counters.value(name, std::uint64_t{0});
}

void about_quorum(const Json& report, std::vector<Advice>& out) {
  const auto quorum = report.value("quorum", Json::object());
  if (!quorum.value("quorate", false)) {
    const auto why = quorum.value("reason", std::string("no quorum"));
    out.push_back({"this partition may not act: " + why,
                   quorum.value("waiting_for_all", false)
                       ? "start the missing nodes, or when they are surely off: corosync-cmapctl -s quorum.cancel_wait_for_all u8 1"
                       : "bring the missing nodes back, or when they are surely off: corosync-quorumtool -e VOTES"});
  }
  if (quorum.value("device_configured", false) && !quorum.value("device_alive", false))
    out.push_back({"the arbiter does not answer", "look at relevo-arbiter on its host, and at the way there (TCP 5403)"});
  const auto nodes = report.value("nodes", Json::array()).size();
  if (nodes == 2 && !quorum.value("two_node", false) && !quorum.value("device_configured", false))
    out.push_back({"two nodes with neither two_node nor an arbiter: the death of one stops both", "set quorum.two_node: 1 or add an arbiter: relevo quorum device add"});
}

void about_members(const Json& report, std::vector<Advice>& out) {
  for (const auto& node : report.value("nodes", Json::array())) {
    if (node.value("member", false)) continue;
    const auto name = node.value("name", std::string("?"));
    bool reachable = false;
    for (const auto& peer : report.value("peers", Json::array()))
      if (peer.value("id", 0U) == node.value("id", 0U)) reachable = peer.value("up", false);
    if (reachable)
      out.push_back({name + " is reachable but not in the ring", "its log says why; often it does not reach every other node"});
    else
      out.push_back({name + " is not reachable", "is it on, does relevo-membershipd run there, is UDP to it let through, has it the same key?"});
  }
}

void about_links(const Json& report, std::vector<Advice>& out) {
  for (const auto& peer : report.value("peers", Json::array())) {
    if (!peer.value("up", false)) continue;
    const auto name = peer.value("name", std::string("?"));
    const auto links = peer.value("links", Json::array());
    for (const auto& link : links) {
      const auto number = link.value("link", 0U);
      if (!link.value("up", false))
        out.push_back({fmt::format("link {} to {} is down: the other links carry on", number, name), "look at its cable, switch and addresses"});
      else if (link.value("loss_permille", 0U) >= 10)
        out.push_back({fmt::format("link {} to {} loses {:.1f} %", number, name, link.value("loss_permille", 0U) / 10.0), "look at its port counters, duplex and load"});
    }
    if (links.size() == 1 && out.empty())
      out.push_back({"there is one link only: a broken switch breaks the cluster", "give the nodes a second address (ring1_addr) on another network"});
  }
}

void about_counters(const Json& report, std::vector<Advice>& out) {
  if (const auto stalls = counter(report, "links.stalls"); stalls > 0)
    out.push_back({fmt::format("relevo-membershipd was late {} times since its start", stalls), "the host is overloaded or paused; system.sched_rr: yes helps"});
  if (const auto bad = counter(report, "seal.dropped.bad_tag"); bad > 0)
    out.push_back({fmt::format("{} packets did not open with our key", bad), "a node or another cluster on this network uses another key"});
  if (const auto quarantined = counter(report, "ring.quarantined"); quarantined > 0)
    out.push_back({fmt::format("{} nodes wait before they are let in again", quarantined), "rings with them did not last: look at their links"});
}

}  // namespace

std::vector<Advice> advice(const Json& report, const Json& keys) {
  std::vector<Advice> out;
  about_quorum(report, out);
  about_members(report, out);
  if (keys.is_object() && keys.contains("problem"))
    out.push_back({"the keys: " + keys.value("problem", std::string()), "relevo cluster key status"});
  about_counters(report, out);
  about_links(report, out);
  return out;
}

std::int64_t expected_detection_ms(const Json& report) {
  std::int64_t timeout = report.value("options", Json::object()).value("link_timeout_ms", std::int64_t{0});
  for (const auto& peer : report.value("peers", Json::array()))
    for (const auto& link : peer.value("links", Json::array()))
      if (link.value("up", false)) timeout = std::max(timeout, link.value("timeout_us", std::int64_t{0}) / 1000);
  const auto rotation = static_cast<std::int64_t>(counter(report, "ring.average_rotation_us")) / 1000;
  // Verdict, one exchange of joins, two rotations of the commit token and one of the first: docs/internals/totem.md.
  return timeout + 5 * std::max<std::int64_t>(rotation, 1);
}

}  // namespace relevo::cli::membership_view
