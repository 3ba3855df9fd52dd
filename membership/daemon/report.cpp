// The reports for tools: the daemon's state as JSON.
#include "membership/daemon/report.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "membership/client/listing.hpp"

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
                   {"timeout_us", microseconds(link.timeout)},
                   {"active", link.active},
                   {"priority", link.priority},
                   {"latency_average_us", microseconds(link.latency_average)},
                   {"latency_min_us", microseconds(link.latency_min)},
                   {"latency_max_us", microseconds(link.latency_max)},
                   {"jitter_us", microseconds(link.jitter)},
                   {"mtu", link.mtu},
                   {"loss_permille", link.loss_permille},
                   {"probation_us", microseconds(link.probation)},
                   {"errors", link.errors},
                   {"up_count", link.up_count},
                   {"down_count", link.down_count},
                   {"sent_packets", link.sent_packets},
                   {"sent_bytes", link.sent_bytes},
                   {"received_packets", link.received_packets},
                   {"received_bytes", link.received_bytes}});
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
          {"allow_downscale", q.allow_downscale},
          {"device_configured", q.device_configured},
          {"device_alive", q.device_alive},
          {"device_vote", q.device_vote},
          {"device_pending", q.device_pending},
          {"device_votes", q.device_votes},
          {"ring_id", to_string(q.ring)},
          {"members", std::move(members)},
          {"reason", q.reason}};
}

std::int64_t milliseconds(Duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); }

const char* name_of(config::Profile profile) {
  switch (profile) {
    case config::Profile::standard: return "default";
    case config::Profile::fast: return "fast";
    case config::Profile::wan: return "wan";
  }
  return "";
}

const char* name_of(config::LinkMode mode) {
  switch (mode) {
    case config::LinkMode::passive: return "passive";
    case config::LinkMode::active: return "active";
    case config::LinkMode::round_robin: return "rr";
  }
  return "";
}

/// What the cluster runs by, after defaults.
Json options_json(const config::ClusterConfig& config) {
  const auto& t = config.totem;
  return {{"profile", name_of(t.profile)},
          {"link_mode", name_of(t.link_mode)},
          {"heartbeat_ms", milliseconds(t.heartbeat)},
          {"link_timeout_ms", milliseconds(t.link_timeout)},
          {"token_ms", milliseconds(t.token)},
          {"token_retransmit_ms", milliseconds(t.token_retransmit)},
          {"hold_ms", milliseconds(t.hold)},
          {"join_ms", milliseconds(t.join)},
          {"consensus_ms", milliseconds(t.consensus)},
          {"merge_ms", milliseconds(t.merge)},
          {"window_size", t.window_size},
          {"max_messages", t.max_messages},
          {"config_version", t.config_version}};
}

Json program_list(const ShellFacts& facts) {
  Json out = Json::array();
  for (const auto& p : facts.programs) {
    const auto name = facts.names.find(p.client);
    out.push_back({{"client", p.client},
                   {"pid", p.pid},
                   {"uid", p.uid},
                   {"name", name == facts.names.end() ? "" : name->second},
                   {"requests", p.requests},
                   {"events", p.events},
                   {"refusals", p.refusals},
                   {"unread_bytes", p.unread},
                   {"held_requests", p.held}});
  }
  return out;
}

Json configuration_json(const reload::View& view) {
  Json waiting = Json::array();
  for (const auto node : view.waiting_for) waiting.push_back(node.value);
  return {{"version", view.in_force.version},
          {"digest", fmt::format("{:016x}", view.in_force.digest)},
          {"change_of_node", view.under_way ? view.under_way->asker.value : 0U},
          {"waiting_for", std::move(waiting)},
          {"last_change", view.last},
          {"clash", view.clash}};
}

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
                    {"options", options_json(config)},
                    {"programs", program_list(facts)},
                    {"configuration", configuration_json(status.configuration)},
                    {"troubles", facts.troubles},
                    {"local_programs", facts.local_programs},
                    {"counters", std::move(counters)}};
  return dump(out);
}

std::string groups_report(const stack::Stack& stack) {
  std::vector<GroupInfo> groups;
  for (const auto& [name, members] : stack.groups()) {
    groups.push_back({name, {}});
    for (const auto& [member, pid] : members) groups.back().members.push_back({member, pid});
  }
  return write_groups(groups);
}

}  // namespace relevo::membership
