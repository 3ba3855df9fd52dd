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

/// Largest message Submit takes: 1 MiB of a local program's bytes, and room for the header of the groups.
constexpr std::size_t max_message = (std::size_t{1} << 20) + 1024;

/// The first input, once. The node installs a ring of its own in the same step. Refused when the stored number leaves
/// none for another ring: ring ids never come back.
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
  bool operator==(const Standing&) const = default;
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
/// The links send their heartbeats now: a token that is held, and nearly long enough, goes with them, so that an idle
/// node is woken once for both.
struct Beat {};
/// Nothing but the passing of time: fires what is due.
struct Tick {};

using Input = std::variant<Start, Receive, PeerUp, PeerDown, Submit, Standing, Reconfigure, FrameRoom, PathSwitched,
                           Leave, Beat, Tick>;

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
  std::optional<Error> refused;  ///< only after Submit: the message was not taken; after Start: it did not start. Kinds: try_again, invalid, not_connected
};

/// Why gather was entered, in the order of Counters::gathers_by.
enum class GatherReason : std::uint8_t {
  start,               ///< the first ring of a start
  token_lost,          ///< in operational, commit or recovery, or while waiting for the commit token
  peer_down,           ///< the links gave a member up
  peer_left,           ///< a member said that it leaves
  member_gathers,      ///< a member gathers: its reason is not ours to know
  stranger,            ///< somebody can be let in, or asks for it
  fail_to_receive,     ///< a member does not receive frames
  recovery_broken,     ///< a ring was installed before its recovery was complete here
};
constexpr std::size_t gather_reasons = 8;
/// `start`, `token-lost` ...
[[nodiscard]] const char* name(GatherReason reason);

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

  std::uint64_t tokens_sent = 0;         ///< passed on, retransmissions not counted
  std::uint64_t token_duplicates = 0;    ///< tokens of this ring that were seen already
  std::uint64_t token_retransmits = 0;   ///< tokens and commit tokens sent again
  std::uint64_t token_holds = 0;         ///< times this node kept the token of an idle ring
  std::uint64_t hold_cancels_sent = 0;
  std::uint64_t hold_cancels_received = 0;
  std::uint64_t frames_received = 0;     ///< of this ring, each once
  std::uint64_t frame_duplicates = 0;    ///< of this ring, held already or not wanted
  std::uint64_t retransmit_requests = 0; ///< frames this node asked for
  std::uint64_t joins_sent = 0;
  std::uint64_t joins_received = 0;
  std::uint64_t merge_detects_sent = 0;
  std::uint64_t merge_detects_received = 0;
  std::uint64_t commit_tokens_sent = 0;
  std::uint64_t commit_tokens_received = 0;
  std::uint64_t commit_entered = 0;
  std::uint64_t recovery_entered = 0;
  std::uint64_t operational_token_losses = 0;
  std::uint64_t gather_token_losses = 0;  ///< agreed, and the commit token never came
  std::uint64_t commit_token_losses = 0;
  std::uint64_t recovery_token_losses = 0;
  std::uint64_t continuous_gathers = 0;   ///< times gather was entered since the last ring was installed
  std::uint64_t quarantines = 0;          ///< peers shut out for a while because a ring with them did not last
  std::uint64_t gathers_by[gather_reasons] = {};
};

/// What tools may know of a ring.
struct View {
  std::string state;  ///< stopped, gather, commit, recovery, operational
  RingId ring;        ///< the last installed one
  std::vector<NodeId> members;
  std::size_t queued_messages = 0;
  std::size_t queued_bytes = 0;
  std::size_t stored_frames = 0;
  std::size_t stored_bytes = 0;
  Duration rotation{};         ///< of the token: the last one that nobody held up; 0 = none yet
  Duration average_rotation{};  ///< smoothed
  Duration since_token{};       ///< since a fresh token came last, at the last step
  std::uint64_t average_backlog = 0;  ///< bytes waiting in the whole ring, smoothed over visits
  std::vector<NodeId> quarantined;    ///< peers that must wait before they are let in again
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
  /// step with Submit, but the payload is moved; when it is refused it is left as it was.
  [[nodiscard]] Output submit(Bytes&& payload, groups::Guarantee guarantee, Instant now);
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
