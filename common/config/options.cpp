// The option table and its checks; see options.hpp.
#include "common/config/options.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace relevo::config {
namespace {

constexpr std::int64_t any = std::int64_t{1} << 40;
constexpr std::int64_t longest_ms = 600'000;
constexpr std::string_view own_crypto = "relevo always encrypts with XChaCha20-Poly1305";
constexpr std::string_view own_links = "relevo's links find their own timing; see heartbeat_interval and link_timeout";
constexpr std::string_view own_log = "relevo has one log level for all of it";
constexpr std::string_view own_process = "relevo's daemons need no such setting";
constexpr std::string_view one_link_mode = "with the links of today every mode means passive";

std::vector<OptionRow> make_table() {
  std::vector<OptionRow> rows;
  const auto add = [&](std::string_view section, std::string_view keys, Kind kind, Use use, std::int64_t low,
                       std::int64_t high, std::string_view extra = {}) {
    for (std::size_t start = 0; start < keys.size();) {
      const auto end = std::min(keys.find(' ', start), keys.size());
      const bool is_choice = kind == Kind::choice;
      rows.push_back({section, keys.substr(start, end - start), kind, use, low, high, is_choice ? extra : "",
                      is_choice ? std::string_view{} : extra});
      start = end + 1;
    }
  };
  const auto explain = [&](std::string_view why) { rows.back().why = why; };

  add("totem", "version", Kind::number, Use::used, 2, 2);
  add("totem", "cluster_name cluster_uuid", Kind::text, Use::used, 0, 0);
  add("totem", "config_version", Kind::number, Use::used, 0, any);
  add("totem", "token token_retransmit consensus", Kind::milliseconds, Use::used, 30, longest_ms);
  add("totem", "token_coefficient", Kind::milliseconds, Use::used, 0, longest_ms);
  add("totem", "hold", Kind::milliseconds, Use::used, 1, longest_ms);
  add("totem", "join merge", Kind::milliseconds, Use::used, 10, longest_ms);
  add("totem", "heartbeat_interval", Kind::milliseconds, Use::used, 5, 10'000);
  add("totem", "link_timeout", Kind::milliseconds, Use::used, 20, 60'000);
  add("totem", "token_retransmits_before_loss_const", Kind::number, Use::used, 1, 100);
  add("totem", "window_size", Kind::number, Use::used, 1, 2000);
  add("totem", "max_messages", Kind::number, Use::used, 1, 1000);
  add("totem", "miss_count_const", Kind::number, Use::used, 0, 100);
  add("totem", "fail_recv_const", Kind::number, Use::used, 10, 1'000'000);
  add("totem", "seqno_unchanged_const", Kind::number, Use::used, 1, 100'000);
  add("totem", "keyfile", Kind::text, Use::used, 0, 0);
  add("totem", "key", Kind::text, Use::refused, 0, 0, "a key in a readable file is no secret: use keyfile");
  add("totem", "transport", Kind::choice, Use::used, 0, 0, "knet|udp|udpu");
  add("totem", "link_mode", Kind::choice, Use::accepted, 0, 0, "passive|active|rr");
  explain(one_link_mode);
  add("totem", "ip_version", Kind::choice, Use::accepted, 0, 0, "ipv4|ipv6|ipv4-6|ipv6-4");
  explain("the addresses of the node list say it");
  add("totem", "secauth", Kind::boolean, Use::accepted, 0, 0, own_crypto);
  add("totem", "crypto_model crypto_cipher crypto_hash", Kind::text, Use::accepted, 0, 0, own_crypto);
  add("totem", "token_warning", Kind::number, Use::accepted, 0, 100, "the links report silence long before the token does");
  add("totem", "send_join downcheck heartbeat_failures_allowed max_network_delay", Kind::number, Use::accepted, 0, any,
      own_links);
  add("totem", "knet_pmtud_interval knet_mtu netmtu ip_dscp threads", Kind::text, Use::accepted, 0, 0, own_links);
  add("totem", "knet_compression_model knet_compression_threshold knet_compression_level", Kind::text, Use::accepted, 0,
      0, "frames are not compressed");
  add("totem", "cancel_token_hold_on_retransmit block_unlisted_ips clear_node_high_bit", Kind::boolean, Use::accepted, 0,
      0, "relevo always does the safe thing here");
  add("totem", "nodeid", Kind::number, Use::accepted, 1, 0xffffffff, "the node list gives the ids");
  add("totem", "rrp_mode", Kind::text, Use::accepted, 0, 0, one_link_mode);

  add("totem.interface", "linknumber ringnumber", Kind::number, Use::used, 0, 7);
  add("totem.interface", "mcastport", Kind::number, Use::used, 1, 65'535 - 8);
  add("totem.interface", "bindnetaddr mcastaddr broadcast ttl", Kind::text, Use::accepted, 0, 0,
      "the addresses of the node list are used, never multicast");
  add("totem.interface",
      "knet_link_priority knet_ping_interval knet_ping_timeout knet_ping_precision knet_pong_count knet_transport",
      Kind::text, Use::accepted, 0, 0, own_links);

  add("nodelist.node", "ring0_addr ring1_addr ring2_addr ring3_addr ring4_addr ring5_addr ring6_addr ring7_addr",
      Kind::text, Use::used, 0, 0);
  add("nodelist.node", "name", Kind::text, Use::used, 0, 0);
  add("nodelist.node", "nodeid", Kind::number, Use::used, 1, 0xffffffff);
  add("nodelist.node", "quorum_votes", Kind::number, Use::used, 0, 65'535);

  add("quorum", "provider", Kind::choice, Use::used, 0, 0, "corosync_votequorum");
  add("quorum", "expected_votes", Kind::number, Use::used, 1, 1'000'000);
  add("quorum", "votes", Kind::number, Use::accepted, 0, 65'535, "quorum_votes in the node list says it");
  add("quorum", "two_node wait_for_all last_man_standing auto_tie_breaker", Kind::boolean, Use::used, 0, 0);
  add("quorum", "last_man_standing_window", Kind::milliseconds, Use::used, 0, longest_ms);
  add("quorum", "auto_tie_breaker_node", Kind::text, Use::used, 0, 0);
  add("quorum", "allow_downscale expected_votes_tracking", Kind::boolean, Use::accepted, 0, 0,
      "expected votes change only by command");
  add("quorum", "leaving_timeout", Kind::number, Use::accepted, 0, any, "it has no effect in Corosync either");

  for (const std::string_view section : {"logging", "logging.logger_subsys"}) {
    add(section, "to_stderr to_logfile to_syslog", Kind::boolean, Use::used, 0, 0);
    add(section, "logfile", Kind::text, Use::used, 0, 0);
    add(section, "debug", Kind::choice, Use::used, 0, 0, "on|off|trace");
    add(section, "timestamp", Kind::choice, Use::accepted, 0, 0, "on|off|hires");
    explain("every line has its time in milliseconds");
    add(section, "fileline function_name blackbox", Kind::boolean, Use::accepted, 0, 0, own_log);
    add(section, "logfile_priority syslog_facility syslog_priority subsys", Kind::text, Use::accepted, 0, 0, own_log);
  }
  add("system", "qb_ipc_type sched_rr priority move_to_root_cgroup allow_knet_handle_fallback state_dir", Kind::text,
      Use::accepted, 0, 0, own_process);
  add("uidgid", "uid gid", Kind::text, Use::accepted, 0, 0, "root alone may use the local socket");
  return rows;
}

std::string allowed(const OptionRow& row) {
  switch (row.kind) {
    case Kind::boolean: return "yes or no";
    case Kind::text: return "any text";
    case Kind::choice: return join(split(row.choices, '|'), ", ");
    case Kind::number: break;
    case Kind::milliseconds: return fmt::format("a whole number of milliseconds from {} to {}", row.low, row.high);
  }
  if (row.low == row.high) return fmt::format("{}", row.low);
  return fmt::format("a whole number from {} to {}", row.low, row.high);
}

bool fits(const OptionRow& row, std::string_view value) {
  switch (row.kind) {
    case Kind::text: return true;
    case Kind::boolean: return parse_bool(value).has_value();
    case Kind::choice: {
      const auto words = split(row.choices, '|');
      return std::find(words.begin(), words.end(), value) != words.end();
    }
    case Kind::number:
    case Kind::milliseconds: break;
  }
  const auto n = parse_int(value);
  return n && *n >= row.low && *n <= row.high;
}

}  // namespace

const std::vector<OptionRow>& option_table() {
  static const std::vector<OptionRow> table = make_table();
  return table;
}

const OptionRow* find_option(std::string_view section, std::string_view key) {
  for (const auto& row : option_table())
    if (row.section == section && row.key == key) return &row;
  return nullptr;
}

Status check_value(const OptionRow& row, const Entry& entry, std::string_view file) {
  if (row.use == Use::refused)
    return fail(ErrorKind::unsupported, "{}: line {}: '{}' in {} cannot be used: {}", file, entry.line, row.key,
                row.section, row.why);
  if (!fits(row, entry.value))
    return fail(ErrorKind::invalid, "{}: line {}: '{}' is not a value for '{}' in {}: allowed is {}", file, entry.line,
                entry.value.substr(0, 60), row.key, row.section, allowed(row));
  return {};
}

bool is_known_section(std::string_view path) {
  static constexpr std::string_view containers[] = {"totem",   "totem.interface", "nodelist",
                                                    "nodelist.node", "quorum",  "logging",
                                                    "logging.logger_subsys", "system", "uidgid"};
  return std::find(std::begin(containers), std::end(containers), path) != std::end(containers);
}

}  // namespace relevo::config
