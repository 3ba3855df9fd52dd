// The ring: totally ordered delivery with extended virtual synchrony as one deterministic state machine.
// It does no I/O; the shell (or the simulator) performs its outputs. Internals: core.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/view.hpp"
#include "membership/groups/types.hpp"
#include "membership/totem/options.hpp"
#include "membership/wire/packet.hpp"

namespace relevo::totem {

/// Largest message Submit takes.
constexpr std::size_t max_message = std::size_t{1} << 20;

/// The first input, once. The node installs a ring of its own in the same step.
struct Start {
  NodeId self;
  std::uint64_t stored_ring_seq = 0;  ///< what the last Output::store said; 0 = nothing on disk
  /// Used when nothing is stored: a number that grows across starts of this node faster than ring numbers do, so
  /// that a lost disk never makes an old ring id come back: wall time in ms, unless rings form hundreds of times a second.
  std::uint64_t floor = 0;
};
/// An authenticated packet; `from` is the sealed sender.
struct Receive {
  NodeId from;
  wire::Packet packet;
};
/// The links call this peer reachable (both ways). Repeating it is harmless.
struct PeerUp {
  NodeId node;
};
/// The links gave this peer up, or saw it restart.
struct PeerDown {
  NodeId node;
};
/// A message for ordered delivery to every member, this node too. Refused (see Output::refused) or delivered.
struct Submit {
  Bytes payload;
  groups::Guarantee guarantee = groups::Guarantee::agreed;
};
/// What this node weighs when members are chosen: told at the start and whenever it changes. Travels in its Joins, so
/// that all choose by the same facts.
struct Standing {
  std::uint32_t votes = 1;
  bool quorate = false;  ///< its last complete ring was, or still is
};
/// Other timers and limits from now on; what runs is measured by the new ones at its next turn.
struct Reconfigure {
  Options options;
};
/// The largest Mcast the links carry in one piece from now on; frames that exist keep their size.
struct FrameRoom {
  std::size_t bytes = 0;
};
/// The traffic to this peer goes over another path now: what was on its way may be lost, so it is sent again at once.
struct PathSwitched {
  NodeId node;
};
/// Clean shutdown: tells the others; after it the ring does nothing any more.
struct Leave {};
/// Nothing but the passing of time: fires what is due.
struct Tick {};

using Input = std::variant<Start, Receive, PeerUp, PeerDown, Submit, Leave, Tick>;

/// A message in its place of the total order. Several may share `ring` and `seq`: then the order given is theirs.
struct Delivery {
  NodeId sender;
  RingId ring;     ///< the ring it was sent on
  MessageSeq seq;  ///< of the frame that completed it
  groups::Guarantee guarantee = groups::Guarantee::agreed;
  Bytes payload;
  bool operator==(const Delivery&) const = default;
};
using Event = std::variant<Configuration, Delivery>;

/// A packet to one node, or to every node that is configured (not to oneself).
struct Send {
  std::optional<NodeId> to;
  wire::Packet packet;
};

/// Performed by the shell from top to bottom before the next step.
struct Output {
  std::optional<std::uint64_t> store;  ///< ring number: durable before anything below leaves this node
  std::vector<Send> sends;
  std::vector<Event> events;     ///< in the order users must see them
  Notes notes;
  std::optional<Error> refused;  ///< only after Submit: the message was not taken. Kinds: try_again, invalid, not_connected
};

/// Numbers since the start, for tools and tests.
struct Counters {
  std::uint64_t tokens = 0;         ///< fresh tokens accepted
  std::uint64_t frames_sent = 0;    ///< new frames
  std::uint64_t resent = 0;         ///< frames sent again on request
  std::uint64_t recovered = 0;      ///< old-ring frames sent again in recovery
  std::uint64_t delivered = 0;      ///< messages
  std::uint64_t gathers = 0;        ///< times gather was entered
  std::uint64_t installs = 0;       ///< regular configurations
  std::uint64_t token_losses = 0;
  std::uint64_t consensus_timeouts = 0;
  std::uint64_t dropped = 0;        ///< packets that were stale, foreign or senseless
};

/// What tools may know of a ring.
struct View {
  std::string state;  ///< stopped, gather, commit, recovery, operational
  RingId ring;        ///< the last installed one
  std::vector<NodeId> members;
  std::size_t queued_messages = 0;
  std::size_t queued_bytes = 0;
  std::size_t stored_frames = 0;
  Counters counters;
};

/// One node's ring. Not thread-safe; never steps itself.
class Ring {
 public:
  explicit Ring(const Options& options);
  ~Ring();
  Ring(Ring&&) noexcept;
  Ring& operator=(Ring&&) noexcept;

  /// The one entry. `now` never goes back; timers that are due fire before the input is looked at.
  [[nodiscard]] Output step(const Input& input, Instant now);
  /// When step must be called with Tick at the latest, if nothing else comes.
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  [[nodiscard]] View view() const;
  /// The expensive invariants: what is broken, if anything. For tests and simulation; the cheap ones run in step.
  [[nodiscard]] std::optional<std::string> broken_invariant() const;

  struct Core;

 private:
  std::unique_ptr<Core> core_;
};

}  // namespace relevo::totem
