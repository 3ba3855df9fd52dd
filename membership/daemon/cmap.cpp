// The configuration's keys with their types, and what both maps have in common: clearing, the report.
#include "membership/daemon/cmap.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::membership {
namespace {

/// The types of what a configuration file can say; everything else there is text. Source: cmap_keys(7), corosync.conf(5).
const char* type_of(const std::string& key) {
  const auto ends = [&](std::string_view word) { return key.ends_with(word); };
  if (key.starts_with("nodelist.")) return ends(".nodeid") || ends(".quorum_votes") ? "u32" : "str";
  if (key.starts_with("quorum.")) {
    for (const auto* flag : {".two_node", ".wait_for_all", ".last_man_standing", ".auto_tie_breaker", ".allow_downscale",
                             ".expected_votes_tracking", ".master_wins", ".cancel_wait_for_all"})
      if (ends(flag)) return "u8";
    for (const auto* number : {".expected_votes", ".votes", "_window", ".timeout", "_timeout"})
      if (ends(number)) return "u32";
    return "str";
  }
  if (!key.starts_with("totem.")) return "str";
  if (ends(".config_version")) return "u64";
  if (ends(".mcastport")) return "u16";
  if (ends(".knet_link_priority") || ends(".ttl")) return "u8";
  for (const auto* text : {".cluster_name", ".transport", ".crypto_cipher", ".crypto_hash", ".crypto_model", ".keyfile",
                           ".link_mode", ".ip_version", ".knet_compression_model", ".secauth", ".profile", ".ip_dscp",
                           ".bindnetaddr", ".mcastaddr", ".knet_transport", ".broadcast", ".block_unlisted_ips", ".key",
                           ".rrp_mode", ".cancel_token_hold_on_retransmit"})
    if (ends(text)) return "str";
  return "u32";
}

/// As the type asks for it: a number that is none stays what was written, as text.
CmapValue typed(const std::string& key, const std::string& written) {
  const std::string type = type_of(key);
  if (type == "str") return {"str", written};
  if (written == "yes" || written == "on") return {type, "1"};
  if (written == "no" || written == "off") return {type, "0"};
  return parse_uint(written) ? CmapValue{type, written} : CmapValue{"str", written};
}

CmapValue u32(std::uint64_t value) { return {"u32", std::to_string(value)}; }
CmapValue flag(bool value) { return {"u8", value ? "1" : "0"}; }
CmapValue ms(Duration value) { return u32(static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_ms(value)))); }

void put_effective(Cmap& map, const config::ClusterConfig& config) {
  const auto& t = config.totem;
  const std::string prefix = "runtime.config.totem.";
  map[prefix + "token"] = ms(t.token);
  map[prefix + "token_retransmit"] = ms(t.token_retransmit);
  map[prefix + "hold"] = ms(t.hold);
  map[prefix + "join"] = ms(t.join);
  map[prefix + "consensus"] = ms(t.consensus);
  map[prefix + "merge"] = ms(t.merge);
  map[prefix + "window_size"] = u32(t.window_size);
  map[prefix + "max_messages"] = u32(t.max_messages);
  map[prefix + "miss_count_const"] = u32(t.miss_count);
  map[prefix + "fail_recv_const"] = u32(t.fail_recv);
  map[prefix + "seqno_unchanged_const"] = u32(t.seqno_unchanged);
  map[prefix + "knet_mtu"] = u32(t.mtu);
  map[prefix + "knet_pmtud_interval"] = u32(static_cast<std::uint64_t>(to_ms(t.pmtud_interval) / 1000));
  map[prefix + "heartbeat_interval"] = ms(t.heartbeat);
  map[prefix + "link_timeout"] = ms(t.link_timeout);
  for (std::size_t link = 0; link < config.links; ++link) {
    const auto own = link < t.links.size() ? t.links[link] : config::LinkConfig{};
    const auto name = fmt::format("{}interface.{}.", prefix, link);
    map[name + "knet_ping_interval"] = ms(own.heartbeat > Duration{} ? own.heartbeat : t.heartbeat);
    map[name + "knet_ping_timeout"] = ms(own.timeout > Duration{} ? own.timeout : t.link_timeout);
    map[name + "knet_link_priority"] = {"u8", std::to_string(own.priority)};
  }
}

void put_members(Cmap& map, const stack::Status& status, const config::ClusterConfig& config) {
  for (std::size_t i = 0; i < config.nodes.size(); ++i) {
    const auto& node = config.nodes[i];
    if (node.id == status.self) map["nodelist.local_node_pos"] = u32(i);
    const auto prefix = fmt::format("runtime.members.{}.", node.id);
    const bool member = std::find(status.members.begin(), status.members.end(), node.id) != status.members.end();
    map[prefix + "status"] = {"str", member ? "joined" : "left"};
    std::string ip;  // with a blank at the end, as the original has it
    for (std::size_t link = 0; link < node.addresses.size(); ++link) ip += fmt::format("r({}) ip({}) ", link, node.addresses[link]);
    map[prefix + "ip"] = {"str", ip};
    if (node.id == status.self) map[prefix + "config_version"] = {"u64", std::to_string(config.totem.config_version)};
  }
}

void put_quorum(Cmap& map, const stack::Status& status, const config::ClusterConfig& config) {
  const std::string prefix = "runtime.votequorum.";
  map[prefix + "this_node_id"] = u32(status.self.value);
  map[prefix + "two_node"] = flag(status.quorum.two_node);
  map[prefix + "wait_for_all_status"] = flag(status.quorum.waiting_for_all);
  map[prefix + "ev_barrier"] = u32(status.quorum.expected_votes);
  const auto& tie = config.quorum.auto_tie_breaker_node;
  const unsigned atb = !config.quorum.auto_tie_breaker ? 0 : tie.empty() || tie == "lowest" ? 1 : tie == "highest" ? 2 : 3;
  map[prefix + "atb_type"] = u32(atb);
  if (status.members.empty()) return;
  map[prefix + "lowest_node_id"] = u32(status.members.front().value);
  map[prefix + "highest_node_id"] = u32(status.members.back().value);
}

bool is_in(const std::string& key, const std::string& part) {
  if (part == "all") return true;
  if (part == "knet") return key.starts_with("stats.knet.") || key.starts_with("stats.relevo.links.") || key.starts_with("stats.relevo.udp.");
  if (part == "totem") return key.starts_with("stats.srp.") || key.starts_with("stats.pg.") || key.starts_with("stats.relevo.ring.");
  if (part == "ipc") return key.starts_with("stats.ipcs.") || key.starts_with("stats.relevo.groups.");
  return key.starts_with("stats.schedmiss.");
}

}  // namespace

Cmap configuration_map(const stack::Status& status, const config::ClusterConfig& config) {
  Cmap map;
  for (const auto& [key, value] : config.raw)
    if (key != "totem.key") map[key] = typed(key, value);  // a key in the file is nobody's to read
  put_effective(map, config);
  put_members(map, status, config);
  put_quorum(map, status, config);
  return map;
}

Cmap since_cleared(Cmap now, const Cmap& cleared) {
  for (auto& [key, value] : now) {
    const auto was = cleared.find(key);
    if (!value.counter || was == cleared.end()) continue;
    const auto before = parse_uint(was->second.text).value_or(0), is = parse_uint(value.text).value_or(0);
    value.text = std::to_string(is >= before ? is - before : is);
  }
  return now;
}

Result<Cmap> clear_part(Cmap cleared, const Cmap& now, const std::string& part) {
  static const std::vector<std::string> parts = {"knet", "totem", "ipc", "schedmiss", "all"};
  if (std::find(parts.begin(), parts.end(), part) == parts.end())
    return fail(ErrorKind::invalid, "statistics have the parts knet, totem, ipc, schedmiss and all, not '{}'", part);
  for (const auto& [key, value] : now)
    if (value.counter && is_in(key, part)) cleared[key] = value;
  std::erase_if(cleared, [&](const auto& entry) { return !now.contains(entry.first); });
  return cleared;
}

std::string cmap_report(const Cmap& map) {
  auto out = nlohmann::ordered_json::object();
  for (const auto& [key, value] : map) out[key] = {{"type", value.type}, {"value", value.text}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace relevo::membership
