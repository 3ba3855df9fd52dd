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

/// A set of timers for a kind of network; single options override it. docs/internals/links.md, "Profiles".
enum class Profile { standard, fast, wan };  ///< `profile: default | fast | wan`

/// How several links share the traffic. Source: corosync.conf(5), link_mode.
enum class LinkMode { passive, active, round_robin };

/// Which address of a host name is taken. Source: corosync.conf(5), ip_version.
enum class IpVersion {
  system,          ///< the first one the resolver gives
  ipv4, ipv6,      ///< only these
  ipv4_6, ipv6_4,  ///< the first named kind, else the other
};

/// One link's own settings. Source: corosync.conf(5), totem.interface.
struct LinkConfig {
  std::uint8_t priority = 1;   ///< knet_link_priority: the highest that is up is used (passive); equal: the lowest number
  std::uint16_t port = 0;      ///< 0 = TotemConfig::port + link number
  Duration heartbeat{};        ///< 0 = TotemConfig::heartbeat
  Duration timeout{};          ///< 0 = TotemConfig::link_timeout
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
  Profile profile = Profile::standard;
  LinkMode link_mode = LinkMode::passive;
  std::vector<LinkConfig> links;  ///< by link number; as many as the nodes have addresses, after parsing
  std::uint32_t mtu = 0;          ///< largest UDP payload of a link: knet_mtu (or netmtu) less 48; 0 = found out
  Duration pmtud_interval = 30s;  ///< knet_pmtud_interval
  IpVersion ip_version = IpVersion::system;
};

/// The arbiter. Source: corosync-qdevice(8), quorum.device in corosync.conf(5); docs/internals/arbiter.md.
struct DeviceConfig {
  bool configured = false;      ///< `device { model: net ... }`
  std::string host;             ///< of relevo-arbiter
  std::uint16_t port = 5403;
  std::string algorithm = "ffsplit";  ///< ffsplit or lms
  std::string tie_breaker = "lowest"; ///< lowest, highest or a node id
  std::optional<std::uint32_t> votes;  ///< ffsplit: 1; lms: the sum of the nodes' votes - 1
  Duration timeout = 10s;       ///< without a word from the arbiter for so long, its vote is gone
  Duration sync_timeout = 30s;  ///< the same while a ring forms
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
  bool allow_downscale = false;
  DeviceConfig device;
};

/// Who besides root may use the local socket. Source: corosync.conf(5), uidgid files.
struct AccessConfig {
  std::vector<std::string> users, groups;  ///< names or numbers as written
};

/// How the process itself runs. Source: corosync.conf(5), system.
struct SystemConfig {
  bool sched_rr = true;  ///< real-time round robin where it is permitted
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
  AccessConfig access;
  SystemConfig system;
  std::vector<NodeConfig> nodes;  ///< sorted by id
  std::size_t links = 1;
  Notes notes;  ///< accepted but worth a word, e.g. "transport udp: relevo encrypts always"
  /// `section.key` or `nodelist.node.N.key` -> value as written, for corosync-cmapctl.
  std::map<std::string, std::string> raw;
};

/// Longest file that is read.
constexpr std::size_t max_config_size = 1U << 20;

/// Reads and checks a whole file. Errors name `file`, the line, what is wrong and what is allowed:
/// `cluster.conf: line 7: unknown key 'tokn' in totem (did you mean 'token'?)`.
Result<ClusterConfig> parse_cluster_config(std::string_view text, std::string_view file);

/// The UDP port of a link: its own mcastport, else that of the totem section plus the link's number.
[[nodiscard]] std::uint16_t port_of_link(const ClusterConfig& config, std::size_t link);

}  // namespace relevo::config
