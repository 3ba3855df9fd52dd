// What goes into the links and what comes out, as values. The state machine is links.hpp.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/time.hpp"

namespace relevo::links {

/// How several links share the traffic. Source: corosync.conf(5), link_mode.
enum class Mode : std::uint8_t { passive, active, round_robin };

/// What one link has of its own; 0 = as Options says.
struct LinkOptions {
  std::uint8_t priority = 1;  ///< the highest that is up is used (passive); among equals the lowest number
  Duration heartbeat{};
  Duration timeout{};
};

struct Options {
  NodeId self;
  /// One address a link, by link number, of every node, this one too: 1 to 8. An address of family none: no such link.
  std::map<NodeId, std::vector<Address>> addresses;
  Duration heartbeat = 50ms;      ///< interval of heartbeats on a path
  Duration link_timeout = 200ms;  ///< floor of the silence after which a path is down; at least two and a half heartbeats
  Duration link_timeout_max{};    ///< its ceiling; 0 = twice the floor
  Duration hello = 100ms;         ///< pace of contact attempts to a peer that is not there
  Mode mode = Mode::passive;
  std::vector<LinkOptions> links;  ///< by link number; missing ones have the defaults
  std::uint32_t mtu = 0;           ///< largest UDP payload; 0 = found out by probes
  Duration pmtud_interval = 30s;
};

/// One sealed frame for one or several peers over one link.
struct Send {
  LinkId link;
  std::vector<Address> to;
  Bytes bytes;
};

/// The peer is reachable both ways over at least one path.
struct PeerUp {
  NodeId node;
};
/// No path is left, or the peer was restarted (then PeerUp follows when the new one is reachable).
struct PeerDown {
  NodeId node;
};
/// Authentic, fresh ring traffic of a peer that is up.
struct Received {
  NodeId from;
  Bytes body;
};
/// Traffic to this peer goes over other paths now, because one that was used is down or in doubt: what was on its way
/// may be lost.
struct PathSwitched {
  NodeId node;
};
using Event = std::variant<PeerUp, PeerDown, Received, PathSwitched>;

struct Output {
  std::vector<Send> sends;
  std::vector<Event> events;
  Notes notes;
  bool beat = false;  ///< regular heartbeats are among the sends
};

/// Numbers since the start. Drops by reason are kept apart, see Links::drops().
struct Counters {
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;  ///< authentic and fresh
  std::uint64_t hellos_sent = 0;
  std::uint64_t heartbeats_sent = 0;
  std::uint64_t path_downs = 0;
  std::uint64_t peer_restarts = 0;  ///< new incarnations proven after the first
  std::uint64_t unreachable_hints = 0;
  std::uint64_t stalls = 0;  ///< times this process itself was late
  std::uint64_t unknown_addresses = 0;
  std::uint64_t duplicates = 0;      ///< second copies of what came over another link already (active mode)
  std::uint64_t over_budget = 0;     ///< not looked at: too many bad frames from that address
  std::uint64_t path_switches = 0;   ///< times a peer's traffic left a path that was down or in doubt
  std::uint64_t mtu_changes = 0;
  std::uint64_t fragments_sent = 0;
  std::uint64_t fragments_received = 0;
  std::uint64_t bodies_dropped = 0;  ///< unfinished ones that gave way
  std::uint64_t probations = 0;      ///< returns of paths that had to wait before they carried traffic
};

struct PathStatus {
  LinkId link;
  Address local, remote;
  bool up = false;      ///< signs of life pass both ways
  bool active = false;  ///< carries traffic to the peer now
  std::uint8_t priority = 1;
  Duration latency{};   ///< smoothed round trip; 0 = not yet known
  Duration timeout{};   ///< the silence after which the path is declared down now
  Duration latency_average{}, latency_min{}, latency_max{};
  Duration jitter{};             ///< mean deviation of the round trips
  Duration probation{};          ///< up, but carries nothing for so long still, because it kept coming and going
  std::size_t mtu = 0;           ///< largest UDP payload that is known to pass
  std::uint32_t loss_permille = 0;  ///< of the peer's last 128 heartbeats
  std::uint64_t up_count = 0, down_count = 0;
  std::uint64_t sent_packets = 0, sent_bytes = 0;          ///< UDP payload, everything
  std::uint64_t received_packets = 0, received_bytes = 0;  ///< authentic and fresh
  std::uint64_t sent_data_packets = 0, sent_data_bytes = 0;          ///< ring traffic in it
  std::uint64_t received_data_packets = 0, received_data_bytes = 0;
  std::uint64_t errors = 0;  ///< frames from the peer's address that were refused, packets the kernel refused
};
struct PeerStatus {
  NodeId node;
  bool up = false;
  Incarnation incarnation;
  std::vector<PathStatus> paths;
};

}  // namespace relevo::links
