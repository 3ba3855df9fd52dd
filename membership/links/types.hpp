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
  /// One address a link, by link number, of every node, this one too. All have the same count, 1 to 8.
  std::map<NodeId, std::vector<Address>> addresses;
  Duration heartbeat = 25ms;      ///< interval of heartbeats on a path
  Duration link_timeout = 150ms;  ///< floor of the silence after which a path is down; at least 3 heartbeats
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
using Event = std::variant<PeerUp, PeerDown, Received>;

struct Output {
  std::vector<Send> sends;
  std::vector<Event> events;
  Notes notes;
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
};

struct PathStatus {
  LinkId link;
  Address local, remote;
  bool up = false;
  Duration latency{};
  Duration timeout{};
};
struct PeerStatus {
  NodeId node;
  bool up = false;
  Incarnation incarnation;
  std::vector<PathStatus> paths;
};

}  // namespace relevo::links
