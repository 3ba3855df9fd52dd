// The states of a ring as values, with what belongs to each alone, and what is remembered of peers. No behaviour here: the
// files that core.hpp names.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "membership/totem/assembler.hpp"
#include "membership/totem/gaps.hpp"
#include "membership/totem/log.hpp"
#include "membership/totem/ring.hpp"

namespace relevo::totem {

/// The last regular configuration this node installed, with what it holds of it. It lives on through gather, commit
/// and recovery, until the next one is installed.
struct Installed {
  RingId ring;                  ///< 0.0 before the first
  std::vector<NodeId> members;  ///< sorted
  Log log;
  MessageSeq delivered;
  MessageSeq safe;  ///< all members hold everything up to here
  Assembler assembler;
  std::uint64_t obligations = 0;  ///< bit i: members[i]'s messages are delivered even after a gap
};

/// The token side of one ring, the same in recovery and when operational.
struct Circuit {
  RingId ring;
  std::vector<NodeId> members;
  NodeId next;
  NodeId previous;
  std::uint64_t token_seq = 0;  ///< as last sent; an arriving token must be newer
  std::uint64_t received_seq = 0;  ///< of the last fresh token
  MessageSeq last_seq;          ///< token.seq at the last visit
  MessageSeq sent_aru;          ///< token.aru as last sent
  MessageSeq safe;              ///< min of sent_aru and the aru that came back, at its greatest
  std::uint32_t sent_frames = 0;  ///< counted in token.fcc
  std::uint32_t sent_bytes = 0;   ///< counted in token.fcc_bytes
  std::uint32_t backlog = 0;      ///< counted in token.backlog
  std::uint32_t visit_budget = 0;  ///< bytes a visit may send now; 0 = not yet set
  std::uint32_t idle_visits = 0;
  bool holding = false;
  Gaps gaps;
  std::set<MessageSeq> resent;  ///< at the last request for it
  std::optional<wire::Token> sent;  ///< for retransmission
  std::optional<Instant> passed_at;  ///< when it was sent first; none: the way it takes is no measure of a rotation
  Instant sent_at{};                ///< when it was sent last
  unsigned repeats = 0;             ///< how often it was sent again
  MessageSeq stuck_aru;
  NodeId stuck_owner;
  Instant stuck_since{};
  unsigned stuck_visits = 0;
  bool is_representative = false;
};

/// How much of the window: frames, and bytes of them.
struct Share {
  std::uint32_t frames = 0;
  std::uint32_t bytes = 0;
};

/// Before Start and after Leave.
struct Stopped {};

struct Gather {
  std::map<NodeId, wire::Join> joins;  ///< the latest of each peer in this episode
  std::set<NodeId> suspects;           ///< silent for too long, or to be left out; only grows
  std::set<NodeId> refused;            ///< operational and not willing now
  std::optional<wire::Join> sent;
  unsigned rounds = 0;                 ///< joins repeated at the pace of the timer
  unsigned told = 0;                   ///< joins sent since the timer last had its turn: it has one after a pause
  bool owes_join = false;              ///< to somebody new: with the next look
  std::vector<NodeId> proposal;
  bool agreed = false;
  std::optional<Instant> contested_since;  ///< the proposal leaves out a node that could be a partner
};

struct Commit {
  wire::CommitToken token;  ///< as last sent
  unsigned repeats = 0;     ///< how often it was sent again
  std::size_t position = 0;
  std::map<NodeId, unsigned> dissent;  ///< joins seen that propose something else
};

struct Recovery {
  Circuit circuit;
  Log log;                  ///< the new ring's frames
  wire::CommitToken commit;  ///< as last sent
  std::size_t position = 0;
  std::map<NodeId, unsigned> dissent;
  std::vector<NodeId> together;  ///< who comes from the same old ring
  MessageSeq low, high, safe;    ///< of the old ring, over `together`
  std::uint64_t duties = 0;      ///< obligations of all of them, once everything is here
  std::vector<MessageSeq> pending;  ///< to be sent again, in falling order (taken from the back)
  std::set<MessageSeq> seen;        ///< somebody sent it again
  bool complete = false;            ///< this node holds all that any of `together` holds
  bool token_seen = false;
};

struct Operational {
  Circuit circuit;
  std::map<NodeId, Instant> good_since;  ///< strangers that could be let in, and since when
  std::optional<Instant> better_since;   ///< another set of nodes would have more votes than this ring
};

/// What a peer last said of itself, in a Join or a MergeDetect.
struct Heard {
  std::vector<NodeId> hears;    ///< sorted
  std::vector<NodeId> members;  ///< of its ring, sorted; empty when it gathers
  Instant at{};
  Standing standing{};
  RingId ring{};  ///< that it is on; 0.0 when it gathers
};

/// How eagerly a peer is let in again: each quick failure doubles the wait.
struct Backoff {
  unsigned level = 0;
  Instant not_before{};
  Instant member_since{};
  std::optional<Instant> let_in;  ///< when it was last let in at its own request
  unsigned quarantines = 0;       ///< in a row
  Instant quarantined_until{};    ///< shut out, also at its own request
};

/// Exactly one at a time.
using State = std::variant<Stopped, Gather, Commit, Recovery, Operational>;

}  // namespace relevo::totem
