// The reports for tools: the daemon's state as JSON.
#include "membership/daemon/report.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace relevo::membership {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

const config::NodeConfig* find_node(const config::ClusterConfig& config, NodeId id) {
  const auto found = std::find_if(config.nodes.begin(), config.nodes.end(), [&](const auto& n) { return n.id == id; });
  return found == config.nodes.end() ? nullptr : &*found;
}

std::string name_of(const config::ClusterConfig& config, NodeId id) {
  const auto* node = find_node(config, id);
  return node == nullptr ? fmt::format("node {}", id) : node->name;
}

std::int64_t microseconds(Duration d) { return std::chrono::duration_cast<std::chrono::microseconds>(d).count(); }

bool is_member(const stack::Status& status, NodeId id) {
  return std::find(status.members.begin(), status.members.end(), id) != status.members.end();
}

Json member_list(const stack::Status& status, const config::ClusterConfig& config) {
  Json out = Json::array();
  for (const auto id : status.members) {
    const auto* node = find_node(config, id);
    out.push_back({{"id", id.value},
                   {"name", name_of(config, id)},
                   {"votes", node == nullptr ? 0U : node->votes},
                   {"local", id == status.self}});
  }
  return out;
}

Json node_list(const stack::Status& status, const config::ClusterConfig& config) {
  Json out = Json::array();
  for (const auto& node : config.nodes) {
    out.push_back({{"id", node.id.value},
                   {"name", node.name},
                   {"addresses", node.addresses},
                   {"votes", node.votes},
                   {"local", node.id == status.self},
                   {"member", is_member(status, node.id)}});
  }
  return out;
}

Json link_list(const std::vector<stack::LinkStatus>& links) {
  Json out = Json::array();
  for (const auto& link : links) {
    out.push_back({{"link", link.link.value},
                   {"local", ip_text(link.local)},
                   {"remote", ip_text(link.remote)},
                   {"port", link.remote.port},
                   {"up", link.up},
                   {"latency_us", microseconds(link.latency)},
                   {"timeout_us", microseconds(link.timeout)}});
  }
  return out;
}

Json peer_list(const stack::Status& status, const config::ClusterConfig& config) {
  Json out = Json::array();
  for (const auto& peer : status.peers) {
    out.push_back({{"id", peer.node.value},
                   {"name", name_of(config, peer.node)},
                   {"up", peer.up},
                   {"links", link_list(peer.links)}});
  }
  return out;
}

Json quorum_json(const QuorumView& q, bool configured) {
  Json members = Json::array();
  for (std::size_t i = 0; i < q.members.size(); ++i) {
    members.push_back({{"id", q.members[i].value}, {"votes", i < q.votes.size() ? q.votes[i] : 0U}});
  }
  return {{"provider", configured ? "corosync_votequorum" : ""},
          {"quorate", q.quorate},
          {"expected_votes", q.expected_votes},
          {"highest_expected", q.highest_expected},
          {"total_votes", q.total_votes},
          {"quorum", q.quorum},
          {"two_node", q.two_node},
          {"wait_for_all", q.wait_for_all},
          {"waiting_for_all", q.waiting_for_all},
          {"last_man_standing", q.last_man_standing},
          {"auto_tie_breaker", q.auto_tie_breaker},
          {"ring_id", to_string(q.ring)},
          {"members", std::move(members)},
          {"reason", q.reason}};
}

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

std::string status_report(const stack::Status& status, const config::ClusterConfig& config, const ShellFacts& facts) {
  Json counters = Json::object();
  for (const auto& [name, value] : status.counters) counters[name] = value;
  for (const auto& [link, value] : facts.dropped) counters[fmt::format("udp.{}.dropped", link)] = value;
  const Json out = {{"node_id", status.self.value},
                    {"name", name_of(config, status.self)},
                    {"cluster_name", config.totem.cluster_name},
                    {"ring_id", to_string(status.ring)},
                    {"state", status.state},
                    {"synced", status.synced},
                    {"members", member_list(status, config)},
                    {"nodes", node_list(status, config)},
                    {"peers", peer_list(status, config)},
                    {"quorum", quorum_json(status.quorum, config.quorum.configured)},
                    {"local_programs", facts.local_programs},
                    {"counters", std::move(counters)}};
  return dump(out);
}

std::string cmap_report(const stack::Status& status, const config::ClusterConfig& config) {
  std::map<std::string, std::string> keys = config.raw;
  const auto ms = [](Duration d) { return std::to_string(to_ms(d)); };
  keys["runtime.config.totem.token"] = ms(config.totem.token);
  keys["runtime.config.totem.token_retransmit"] = ms(config.totem.token_retransmit);
  keys["runtime.config.totem.join"] = ms(config.totem.join);
  keys["runtime.config.totem.consensus"] = ms(config.totem.consensus);
  keys["runtime.config.totem.merge"] = ms(config.totem.merge);
  keys["runtime.votequorum.this_node_id"] = number(status.self.value);
  keys["runtime.votequorum.two_node"] = status.quorum.two_node ? "1" : "0";
  keys["runtime.votequorum.wait_for_all_status"] = status.quorum.waiting_for_all ? "1" : "0";
  for (std::size_t i = 0; i < config.nodes.size(); ++i) {
    const auto& node = config.nodes[i];
    if (node.id == status.self) keys["nodelist.local_node_pos"] = number(i);
    const auto prefix = fmt::format("runtime.members.{}.", node.id);
    keys[prefix + "status"] = is_member(status, node.id) ? "joined" : "left";
    if (!node.addresses.empty()) keys[prefix + "ip"] = fmt::format("r(0) ip({})", node.addresses[0]);
  }
  for (const auto& [name, value] : status.counters) keys["stats." + name] = number(value);
  Json out = Json::object();
  for (const auto& [key, value] : keys) out[key] = value;
  return dump(out);
}

}  // namespace relevo::membership
