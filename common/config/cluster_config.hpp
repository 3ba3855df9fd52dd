// What cluster.conf (corosync.conf syntax) says, checked and typed. The text comes from outside; no file is read here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::config {

struct NodeConfig {
  NodeId id;
  std::string name;                    ///< `name`, or the first address as text
  std::vector<std::string> addresses;  ///< ring0_addr .. ring7_addr as written (an IP address or a host name)
  std::uint32_t votes = 1;             ///< quorum_votes
};

/// Every duration of the totem section, after defaults. Source: corosync.conf(5); docs/internals/totem.md, "Timers".
struct TotemConfig {
  std::string cluster_name;
  std::uint64_t config_version = 0;
  Duration token{};             ///< effective: token + (nodes - 2) * token_coefficient
  Duration token_retransmit{};
  Duration hold{};
  Duration join{};
  Duration consensus{};
  Duration merge{};
  std::uint32_t window_size = 50;
  std::uint32_t max_messages = 17;
  std::uint32_t miss_count = 5;
  std::uint32_t fail_recv = 2500;
  std::uint32_t seqno_unchanged = 30;
  Duration heartbeat{};       ///< ours: interval of the link heartbeats (`heartbeat_interval`)
  Duration link_timeout{};    ///< ours: floor of the adaptive link failure detector (`link_timeout`)
  std::uint16_t port = 5405;  ///< mcastport; link n uses port + n
  std::string keyfile;        ///< empty = default place
};

struct QuorumConfig {
  bool configured = false;  ///< a provider was named; otherwise always quorate
  std::uint32_t expected_votes = 0;  ///< 0 = sum of the node list
  bool two_node = false;
  bool wait_for_all = false;
  bool last_man_standing = false;
  Duration last_man_standing_window{};
  bool auto_tie_breaker = false;
  std::string auto_tie_breaker_node;
};

struct LoggingConfig {
  bool to_stderr = true;
  bool to_syslog = false;
  bool to_logfile = false;
  std::string logfile;
  Level level = Level::info;
};

struct ClusterConfig {
  TotemConfig totem;
  QuorumConfig quorum;
  LoggingConfig logging;
  std::vector<NodeConfig> nodes;  ///< sorted by id
  std::size_t links = 1;
  Notes notes;  ///< accepted but worth a word, e.g. "transport udp: relevo encrypts always"
  /// `section.key` or `nodelist.node.N.key` -> value as written, for corosync-cmapctl.
  std::map<std::string, std::string> raw;
};

/// Reads and checks a whole file. Errors name `file`, the line, what is wrong and what is allowed:
/// `cluster.conf: line 7: unknown key 'tokn' in totem (did you mean 'token'?)`.
Result<ClusterConfig> parse_cluster_config(std::string_view text, std::string_view file);

}  // namespace relevo::config
