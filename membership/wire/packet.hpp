// The packets of the ring protocol as values, and the limits every one of them keeps.
// Bytes are met only in codec.hpp; heartbeats and HELLO belong to the links, not here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "membership/wire/pieces.hpp"

namespace relevo::wire {

/// Most nodes one cluster may have.
constexpr std::size_t max_nodes = 64;
/// Largest encoded Mcast, headers included. How large new ones are is the ring's matter (totem::FrameRoom).
constexpr std::size_t max_frame = 65000;
/// Size of new frames while nobody said otherwise: fits an Ethernet frame with room for sealing.
constexpr std::size_t usual_frame = 1400;
/// Smallest frame size that may be asked for.
constexpr std::size_t min_frame = 512;
/// Largest encoded packet of any other type. Only a CommitToken of more than 28 nodes exceeds usual_frame.
constexpr std::size_t max_packet = 3200;
/// Most retransmission requests one Token carries.
constexpr std::size_t max_missing = 128;
/// Bytes of an encoded Mcast before its pieces, in its longest (recovered) form.
constexpr std::size_t mcast_header = 53;
/// The same in the form it is first sent in.
constexpr std::size_t fresh_mcast_header = 29;
/// Ring numbers above this are refused, so that adding to one can never wrap.
constexpr std::uint64_t max_ring_seq = std::uint64_t{1} << 62;

/// What the Token says the ring is doing. Source: docs/internals/totem.md, "Recovery".
enum class Phase : std::uint8_t {
  exchange,  ///< old-ring messages that somebody lacks are being sent again
  confirm,   ///< all were sent; members acknowledge that they hold everything
  regular,   ///< the ring is installed: whoever sees this token installs it
};

/// The right to send, passed from member to member. Source: Totem (Amir et al. 1995), section 4.
struct Token {
  RingId ring;
  std::uint64_t token_seq = 0;  ///< grows with every hop: an old copy is known by it
  MessageSeq seq;               ///< last message sequence number given out
  MessageSeq aru;               ///< all members hold everything up to here, if nobody lowered it this rotation
  NodeId aru_owner;             ///< who lowered aru last; 0 = nobody
  std::uint32_t fcc = 0;        ///< frames sent in the last rotation
  std::uint32_t fcc_bytes = 0;  ///< their encoded size
  std::uint32_t backlog = 0;    ///< sum of the members' queues, in bytes
  Phase phase = Phase::regular;
  bool more = false;            ///< phase exchange: somebody still has something to send
  std::vector<MessageSeq> missing;  ///< sorted: asked to be sent again
  bool operator==(const Token&) const = default;
};

/// The place a frame had on an older ring.
struct Origin {
  RingId ring;
  MessageSeq seq;
  NodeId sender;
  bool operator==(const Origin&) const = default;
};

/// One frame of messages with its place in the total order. The packet may come from another node than `sender`.
struct Mcast {
  RingId ring;
  MessageSeq seq;
  NodeId sender;
  bool safe = false;             ///< its messages ask for safe delivery
  std::optional<Origin> origin;  ///< set: an old-ring frame sent again in recovery; the rest is that frame's
  Pieces pieces;
  bool operator==(const Mcast&) const = default;
};

/// What an operational node tells the world: its ring, and whom its links call up.
struct MergeDetect {
  RingId ring;
  std::vector<NodeId> members;  ///< sorted
  std::vector<NodeId> hears;    ///< sorted
  bool refusal = false;         ///< the answer to a Join that is not accepted now
  std::uint32_t votes = 1;      ///< of the sender
  bool quorate = false;         ///< its last complete ring was, or still is
  bool operator==(const MergeDetect&) const = default;
};

/// A node in gather: what it proposes and what it knows.
struct Join {
  std::uint64_t ring_seq = 0;   ///< greatest ring number the sender knows
  RingId old_ring;              ///< the ring it comes from; 0.0 = none yet
  std::vector<NodeId> proposal;  ///< sorted: the members it would commit to
  std::vector<NodeId> hears;     ///< sorted: peers it can work with, by its links and by their joins
  bool leave = false;           ///< the sender shuts down and is no candidate any more
  std::uint32_t votes = 1;      ///< of the sender
  bool quorate = false;         ///< its last complete ring was, or still is
  std::vector<NodeId> spoke = {};  ///< sorted: whose Joins came to the sender since it gathers
  bool operator==(const Join&) const = default;
};

/// One member's line in the CommitToken: where it stands on its old ring.
struct CommitEntry {
  NodeId node;
  RingId old_ring;           ///< 0.0 = none
  MessageSeq aru;            ///< holds everything up to here
  MessageSeq high;           ///< highest it holds
  MessageSeq safe;           ///< knows that all old members hold everything up to here
  std::uint64_t obligations = 0;  ///< bit i: old member i's messages must be delivered even after a gap
  bool operator==(const CommitEntry&) const = default;
};

/// Goes round twice: first collecting the entries, then showing them to all.
struct CommitToken {
  RingId ring;
  std::uint16_t hop = 0;             ///< entries [0, hop) are filled in the first rotation; 2 * members ends the second
  std::vector<CommitEntry> members;  ///< sorted by node, the representative first
  bool operator==(const CommitToken&) const = default;
};

/// Asks the representative to let go of the token it holds on an idle ring.
struct HoldCancel {
  RingId ring;
  bool operator==(const HoldCancel&) const = default;
};

using Packet = std::variant<Token, Mcast, MergeDetect, Join, CommitToken, HoldCancel>;

}  // namespace relevo::wire
