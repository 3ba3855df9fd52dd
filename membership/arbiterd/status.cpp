// The arbiter's report: as JSON over the local socket, and as text for people.
#include <nlohmann/json.hpp>

#include "membership/arbiterd/arbiterd.hpp"

namespace relevo::arbiterd {
namespace {

using Json = nlohmann::ordered_json;

Json ids(const arbiter::Nodes& nodes) {
  Json out = Json::array();
  for (const auto node : nodes) out.push_back(node.value);
  return out;
}

Json node_json(const arbiter::NodeStatus& n) {
  Json out;
  out["id"] = n.node.value;
  out["address"] = n.address;
  out["reported"] = n.reported;
  if (n.reported) {
    out["ring_id"] = to_string(n.report.ring);
    out["members"] = ids(n.report.members);
    out["configured"] = ids(n.report.configured);
    out["quorate"] = n.report.quorate;
  }
  out["vote"] = n.has_vote;
  return out;
}

std::string list(const Json& ids) {
  std::string out;
  for (const auto& id : ids) out += (out.empty() ? "" : ", ") + std::to_string(id.get<std::uint64_t>());
  return out;
}

std::string cluster_text(const Json& c) {
  std::string out = fmt::format("Cluster \"{}\":\n", c.at("name").get<std::string>());
  if (c.contains("algorithm")) {
    out += fmt::format("    Algorithm:\t\t{}\n    Tie-breaker:\t{}\n", c.at("algorithm").get<std::string>(), c.at("tie_breaker").get<std::string>());
  }
  out += fmt::format("    State:\t\t{}\n", c.at("state").get<std::string>());
  if (c.contains("granted_ring"))
    out += fmt::format("    Last vote:\t\tring {} of nodes {}\n", c.at("granted_ring").get<std::string>(), list(c.at("granted_members")));
  for (const auto& n : c.at("nodes")) {
    out += fmt::format("    Node ID {}:\n        Client address:\t\t{}\n", n.at("id").get<std::uint64_t>(), n.at("address").get<std::string>());
    if (n.at("reported").get<bool>()) {
      out += fmt::format("        Configured node list:\t{}\n        Ring ID:\t\t{}\n        Membership node list:\t{}\n        Quorate:\t\t{}\n",
                         list(n.at("configured")), n.at("ring_id").get<std::string>(), list(n.at("members")),
                         n.at("quorate").get<bool>() ? "Yes" : "No");
    }
    out += fmt::format("        Vote:\t\t\t{}\n", n.at("vote").get<bool>() ? "ACK" : "No");
  }
  return out;
}

}  // namespace

std::string status_json(const std::vector<arbiter::ClusterStatus>& clusters) {
  Json all = Json::array();
  for (const auto& c : clusters) {
    Json out;
    out["name"] = c.name;
    if (!c.nodes.empty()) {
      out["algorithm"] = arbiter::name(c.nodes.front().settings.algorithm);
      out["tie_breaker"] = arbiter::to_string(c.nodes.front().settings.tie_breaker);
    }
    out["state"] = c.state;
    if (c.granted) {
      out["granted_ring"] = to_string(c.granted->ring);
      out["granted_members"] = ids(c.granted->members);
    }
    out["nodes"] = Json::array();
    for (const auto& n : c.nodes) out["nodes"].push_back(node_json(n));
    all.push_back(std::move(out));
  }
  return Json{{"clusters", all}}.dump(2);
}

Result<std::string> status_text(std::string_view json) {
  try {
    const auto report = Json::parse(json);
    std::string out;
    for (const auto& c : report.at("clusters")) out += (out.empty() ? "" : "\n") + cluster_text(c);
    return out.empty() ? std::string("No cluster has a token here.\n") : out;
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-arbiter cannot be read: {}", e.what());
  }
}

}  // namespace relevo::arbiterd
