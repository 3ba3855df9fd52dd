// The rows of the option table; see options.hpp. docs/guide/cluster-conf.md tells people the same.
#include "common/config/option_rows.hpp"

#include <algorithm>

namespace relevo::config {
namespace {

constexpr std::int64_t any = std::int64_t{1} << 40;
constexpr std::int64_t longest_ms = 600'000;
constexpr std::string_view own_crypto = "relevo always encrypts with XChaCha20-Poly1305";
constexpr std::string_view own_log = "relevo has one log level for all of it";
constexpr std::string_view own_process = "relevo's daemons need no such setting";

/// Collects rows; several keys, separated by spaces, may share what is said of them.
class Rows {
 public:
  explicit Rows(std::string_view section) : section_(section) {}

  void number(std::string_view keys, std::int64_t low, std::int64_t high) { add(keys, Kind::number, Use::used, low, high); }
  void milliseconds(std::string_view keys, std::int64_t low, std::int64_t high) {
    add(keys, Kind::milliseconds, Use::used, low, high);
  }
  void boolean(std::string_view keys) { add(keys, Kind::boolean, Use::used, 0, 0); }
  void text(std::string_view keys) { add(keys, Kind::text, Use::used, 0, 0); }
  /// `why` is said to who writes another word.
  void choice(std::string_view keys, std::string_view words, std::string_view why = {}) {
    add(keys, Kind::choice, Use::used, 0, 0, why, words);
  }
  /// Known, without effect.
  void accept(std::string_view keys, Kind kind, std::string_view why, std::int64_t low = 0, std::int64_t high = any,
              std::string_view words = {}) {
    add(keys, kind, Use::accepted, low, high, why, words);
  }
  void refuse(std::string_view keys, std::string_view why) { add(keys, Kind::text, Use::refused, 0, 0, why); }
  /// Of the keys that came last.
  void counts(Change change) {
    for (auto i = last_; i < rows_.size(); ++i) rows_[i].change = change;
  }

  void move_to(std::vector<OptionRow>& table) const { table.insert(table.end(), rows_.begin(), rows_.end()); }

 private:
  void add(std::string_view keys, Kind kind, Use use, std::int64_t low, std::int64_t high, std::string_view why = {},
           std::string_view words = {}) {
    last_ = rows_.size();
    for (std::size_t start = 0; start < keys.size();) {
      const auto end = std::min(keys.find(' ', start), keys.size());
      rows_.push_back({section_, keys.substr(start, end - start), kind, use, low, high, words, why, Change::running});
      start = end + 1;
    }
  }

  std::string_view section_;
  std::vector<OptionRow> rows_;
  std::size_t last_ = 0;
};

void totem_timers(Rows& rows) {
  rows.choice("profile", "default|fast|wan");
  rows.milliseconds("token token_retransmit consensus", 10, longest_ms);
  rows.milliseconds("token_coefficient", 0, longest_ms);
  rows.milliseconds("hold", 1, longest_ms);
  rows.milliseconds("join merge", 5, longest_ms);
  rows.milliseconds("heartbeat_interval", 2, 10'000);
  rows.milliseconds("link_timeout", 10, 60'000);
  rows.number("token_retransmits_before_loss_const", 1, 100);
  rows.number("window_size", 1, 2000);
  rows.number("max_messages", 1, 1000);
  rows.number("miss_count_const", 0, 100);
  rows.number("fail_recv_const", 10, 1'000'000);
  rows.number("seqno_unchanged_const", 1, 100'000);
}

void totem_identity(Rows& rows) {
  rows.number("version", 2, 2);
  rows.text("cluster_name");
  rows.counts(Change::never);
  rows.accept("cluster_uuid", Kind::text, "the key file and cluster_name tell clusters apart");
  rows.number("config_version", 0, any);
  rows.text("keyfile");
  rows.counts(Change::never);
  rows.refuse("key", "a key in a readable file is no secret: use keyfile");
  rows.choice("transport", "knet|udp|udpu");
  rows.choice("ip_version", "ipv4|ipv6|ipv4-6|ipv6-4");
  rows.choice("link_mode", "passive|active|rr");
  rows.number("knet_mtu", 0, 65'535);
  rows.number("netmtu", 0, 65'536);
  rows.number("knet_pmtud_interval", 1, 86'400);
}

void totem_without_effect(Rows& rows) {
  rows.accept("secauth", Kind::boolean, own_crypto);
  rows.accept("crypto_model crypto_cipher crypto_hash", Kind::text, own_crypto);
  rows.accept("token_warning", Kind::number, "the links report silence long before the token does", 0, 100);
  rows.accept("cancel_token_hold_on_retransmit", Kind::boolean, "the token is never held while something is to be sent again");
  rows.accept("block_unlisted_ips", Kind::boolean, "packets of addresses that are not in the node list are always dropped");
  rows.accept("clear_node_high_bit", Kind::boolean, "the node list gives the ids");
  rows.accept("nodeid", Kind::number, "the node list gives the ids", 1, 0xffffffff);
  rows.accept("send_join", Kind::number, "joins are sent without a wait: what they say is sent once", 0, longest_ms);
  rows.accept("downcheck", Kind::number, "a lost address is noticed by the links' heartbeats");
  rows.accept("heartbeat_failures_allowed max_network_delay", Kind::number, "the links have their own heartbeats");
  rows.accept("ip_dscp", Kind::text, "packets carry no DSCP mark");
  rows.accept("threads", Kind::text, "one thread is enough");
  rows.accept("knet_compression_model knet_compression_threshold knet_compression_level", Kind::text, "frames are not compressed");
  rows.accept("rrp_mode", Kind::text, "link_mode says it since Corosync 3");
}

void totem_section(std::vector<OptionRow>& table) {
  Rows rows("totem");
  totem_identity(rows);
  totem_timers(rows);
  totem_without_effect(rows);
  rows.move_to(table);
}

void interface_section(std::vector<OptionRow>& table) {
  Rows rows("totem.interface");
  rows.number("linknumber ringnumber", 0, 7);
  rows.number("mcastport", 1, 65'535 - 8);
  rows.number("knet_link_priority", 0, 255);
  rows.milliseconds("knet_ping_interval", 2, 10'000);
  rows.milliseconds("knet_ping_timeout", 10, 60'000);
  rows.accept("knet_ping_precision", Kind::number, "latencies are smoothed in a fixed way");
  rows.accept("knet_pong_count", Kind::number, "a path is up after two good answers");
  rows.choice("knet_transport", "udp", "relevo's links are UDP");
  rows.accept("bindnetaddr mcastaddr broadcast ttl", Kind::text, "the addresses of the node list are used, never multicast");
  rows.move_to(table);
}

void node_section(std::vector<OptionRow>& table) {
  Rows rows("nodelist.node");
  rows.text("ring0_addr ring1_addr ring2_addr ring3_addr ring4_addr ring5_addr ring6_addr ring7_addr");
  rows.text("name");
  rows.number("nodeid", 1, 0xffffffff);
  rows.number("quorum_votes", 0, 65'535);
  rows.move_to(table);
}

void quorum_sections(std::vector<OptionRow>& table) {
  Rows rows("quorum");
  rows.choice("provider", "corosync_votequorum");
  rows.number("expected_votes", 1, 1'000'000);
  rows.accept("votes", Kind::number, "quorum_votes in the node list says it", 0, 65'535);
  rows.boolean("two_node wait_for_all last_man_standing auto_tie_breaker allow_downscale");
  rows.milliseconds("last_man_standing_window", 0, longest_ms);
  rows.text("auto_tie_breaker_node");
  rows.accept("expected_votes_tracking", Kind::boolean, "expected votes change only by command and by the file");
  rows.accept("leaving_timeout", Kind::number, "it has no effect in Corosync either");
  rows.move_to(table);

  Rows device("quorum.device");
  device.choice("model", "net", "Corosync knows no other either");
  device.number("votes", 0, 65'535);
  device.milliseconds("timeout sync_timeout", 100, longest_ms);
  device.choice("master_wins", "0|no|off", "a partition without quorum never acts because of one node in it");
  device.move_to(table);

  Rows net("quorum.device.net");
  net.text("host");
  net.number("port", 1, 65'535);
  net.choice("algorithm", "ffsplit|lms", "the others are for developers of Corosync");
  net.text("tie_breaker");
  net.accept("tls", Kind::choice, "the arbiter is always spoken to by TLS", 0, 0, "on|required|off");
  net.accept("connect_timeout", Kind::number, "connecting has the time of the device's timeout");
  net.accept("force_ip_version", Kind::number, "the host's name or address says it", 0, 6);
  net.accept("keep_active_partition_tie_breaker", Kind::choice, "the partition that was active is always preferred", 0, 0, "enabled|disabled");
  net.move_to(table);

  Rows heuristics("quorum.device.heuristics");
  heuristics.choice("mode", "off", "this version runs no heuristics");
  heuristics.accept("timeout sync_timeout interval", Kind::number, "this version runs no heuristics");
  heuristics.move_to(table);
}

void other_sections(std::vector<OptionRow>& table) {
  for (const std::string_view section : {"logging", "logging.logger_subsys"}) {
    Rows rows(section);
    rows.boolean("to_stderr to_logfile to_syslog");
    rows.text("logfile");
    rows.choice("debug", "on|off|trace");
    rows.accept("timestamp", Kind::choice, "every line has its time in milliseconds", 0, 0, "on|off|hires");
    rows.accept("fileline function_name blackbox", Kind::boolean, own_log);
    rows.accept("logfile_priority syslog_facility syslog_priority subsys", Kind::text, own_log);
    rows.move_to(table);
  }
  Rows process("system");
  process.boolean("sched_rr");
  process.counts(Change::restart);
  process.accept("priority qb_ipc_type move_to_root_cgroup allow_knet_handle_fallback state_dir", Kind::text, own_process);
  process.move_to(table);
  Rows uidgid("uidgid");
  uidgid.text("uid gid");
  uidgid.move_to(table);
}

}  // namespace

std::vector<OptionRow> make_option_rows() {
  std::vector<OptionRow> table;
  totem_section(table);
  interface_section(table);
  node_section(table);
  quorum_sections(table);
  other_sections(table);
  return table;
}

}  // namespace relevo::config
