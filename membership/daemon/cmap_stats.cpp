// The statistics as corosync-cmapctl's users know them: what of them exists here, from our own counters.
#include <algorithm>
#include <chrono>

#include "membership/daemon/cmap.hpp"

namespace relevo::membership {
namespace {

std::uint64_t us(Duration d) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(d).count()));
}

/// A key of the ring's statistics, its type, and our counter behind it.
struct Known {
  const char* key;
  const char* type;
  const char* ours;
  bool counter = true;
};

/// Source: cmap_keys(7), "stats.srp". What has no counterpart (average workload, firewall guesses) is left out.
constexpr Known ring_keys[] = {
    {"gather_entered", "u64", "ring.gathers"},
    {"commit_entered", "u64", "ring.commit_entered"},
    {"recovery_entered", "u64", "ring.recovery_entered"},
    {"operational_entered", "u64", "ring.installs"},
    {"operational_token_lost", "u64", "ring.operational_token_losses"},
    {"gather_token_lost", "u64", "ring.gather_token_losses"},
    {"commit_token_lost", "u64", "ring.commit_token_losses"},
    {"recovery_token_lost", "u64", "ring.recovery_token_losses"},
    {"consensus_timeouts", "u64", "ring.consensus_timeouts"},
    {"continuous_gather", "u32", "ring.continuous_gathers", false},
    {"orf_token_rx", "u64", "ring.tokens"},
    {"orf_token_tx", "u64", "ring.tokens_sent"},
    {"mcast_tx", "u64", "ring.frames_sent"},
    {"mcast_rx", "u64", "ring.frames_received"},
    {"mcast_retx", "u64", "ring.resent"},
    {"memb_join_tx", "u64", "ring.joins_sent"},
    {"memb_join_rx", "u64", "ring.joins_received"},
    {"memb_merge_detect_tx", "u64", "ring.merge_detects_sent"},
    {"memb_merge_detect_rx", "u64", "ring.merge_detects_received"},
    {"memb_commit_token_tx", "u64", "ring.commit_tokens_sent"},
    {"memb_commit_token_rx", "u64", "ring.commit_tokens_received"},
    {"token_hold_cancel_tx", "u64", "ring.hold_cancels_sent"},
    {"token_hold_cancel_rx", "u64", "ring.hold_cancels_received"},
    {"rx_msg_dropped", "u64", "ring.dropped"},
    {"mtt_rx_token", "u32", "ring.average_rotation_ms", false},
    {"time_since_token_last_received", "u64", "ring.since_token_ms", false},
    {"avg_backlog_calc", "u32", "ring.average_backlog", false},
};

/// Of our own counters those that are no counts but states.
bool is_gauge(const std::string& name) {
  for (const auto* word : {"queued", "stored", "rotation", "since_token", "average", "quarantined", "continuous", "waiting"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

void put_ring(Cmap& map, const std::map<std::string, std::uint64_t>& counters) {
  for (const auto& known : ring_keys) {
    const auto found = counters.find(known.ours);
    if (found == counters.end()) continue;
    map[std::string("stats.srp.") + known.key] = {known.type, std::to_string(found->second), known.counter};
  }
  if (const auto queued = counters.find("ring.queued_messages"); queued != counters.end())
    map["stats.pg.msg_reserved"] = {"u32", std::to_string(queued->second)};
  if (const auto stalls = counters.find("links.stalls"); stalls != counters.end())
    map["stats.schedmiss.count"] = {"u64", std::to_string(stalls->second), true};
  for (const auto& [name, value] : counters) map["stats.relevo." + name] = {"u64", std::to_string(value), !is_gauge(name)};
}

void put_link(Cmap& map, const stack::PeerStatus& peer, const stack::LinkStatus& link) {
  const auto prefix = fmt::format("stats.knet.node{}.link{}.", peer.node, link.link);
  const auto gauge = [&](const char* key, const char* type, std::uint64_t v) { map[prefix + key] = {type, std::to_string(v)}; };
  const auto count = [&](const char* key, const char* type, std::uint64_t v) { map[prefix + key] = {type, std::to_string(v), true}; };
  gauge("enabled", "u8", 1);
  gauge("connected", "u8", link.up ? 1 : 0);
  gauge("active", "u8", link.active ? 1 : 0);
  gauge("priority", "u8", link.priority);
  gauge("mtu", "u32", link.mtu);
  gauge("latency_ave", "u32", us(link.latency_average));
  gauge("latency_max", "u32", us(link.latency_max));
  gauge("latency_min", "u32", us(link.latency_min));
  gauge("latency_now", "u32", us(link.latency));
  gauge("jitter", "u32", us(link.jitter));
  gauge("loss_permille", "u32", link.loss_permille);
  gauge("timeout", "u32", us(link.timeout));
  count("up_count", "u32", link.up_count);
  count("down_count", "u32", link.down_count);
  count("tx_total_packets", "u64", link.sent_packets);
  count("tx_total_bytes", "u64", link.sent_bytes);
  count("rx_total_packets", "u64", link.received_packets);
  count("rx_total_bytes", "u64", link.received_bytes);
}

void put_programs(Cmap& map, const ShellFacts& facts) {
  map["stats.ipcs.global.active"] = {"u64", std::to_string(facts.local_programs)};
  map["stats.ipcs.global.closed"] = {"u64", std::to_string(facts.ended_programs), true};
  for (const auto& p : facts.programs) {
    const auto prefix = fmt::format("stats.ipcs.service0.{}.{}.", p.pid, p.client);
    const auto name = facts.names.find(p.client);
    map[prefix + "procname"] = {"str", name == facts.names.end() ? "" : name->second};
    map[prefix + "requests"] = {"u64", std::to_string(p.requests), true};
    map[prefix + "dispatched"] = {"u64", std::to_string(p.events), true};
    map[prefix + "overload"] = {"u64", std::to_string(p.refusals), true};
    map[prefix + "flow_control"] = {"u32", p.held > 0 ? "1" : "0"};
    map[prefix + "held"] = {"u32", std::to_string(p.held)};
    map[prefix + "queued"] = {"u32", std::to_string(p.unread)};
    map[prefix + "uid"] = {"u32", std::to_string(p.uid)};
  }
}

}  // namespace

Cmap statistics_map(const stack::Status& status, const ShellFacts& facts) {
  Cmap map;
  put_ring(map, status.counters);
  for (const auto& peer : status.peers)
    for (const auto& link : peer.links) put_link(map, peer, link);
  put_programs(map, facts);
  for (const auto& [link, value] : facts.dropped) map[fmt::format("stats.relevo.udp.{}.dropped", link)] = {"u64", std::to_string(value), true};
  return map;
}

}  // namespace relevo::membership
