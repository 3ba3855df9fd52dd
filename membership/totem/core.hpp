// The inside of Ring: its four states and what outlives them. Only files of this folder include it.
#pragma once

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "membership/totem/assembler.hpp"
#include "membership/totem/gaps.hpp"
#include "membership/totem/log.hpp"
#include "membership/totem/ring.hpp"
#include "membership/totem/send_queue.hpp"
#include "membership/totem/timers.hpp"

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

struct Ring::Core {
  explicit Core(const Options& given);

  // ring.cpp: the entry, timers, small inputs
  Output step(const Input& input, Instant at);
  Output submit(Bytes&& payload, groups::Guarantee guarantee, Instant at);
  void begin(Instant at, bool is_submit = false);
  void send_rest();
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  void take(Bytes&& payload, groups::Guarantee guarantee);
  void on(const Start& input);
  void on(const Receive& input);
  void on(const PeerUp& input);
  void on(const PeerDown& input);
  void on(const Submit& input);
  void on(const Standing& input);
  void on(const Reconfigure& input);
  void on(const FrameRoom& input);
  void on(const PathSwitched& input);
  void on(const Leave& input);
  void on(const Beat&);
  void on(const Tick&) {}
  void fire_timers();
  void on_timer(TimerId id);
  void on_token_loss();

  // retransmit.cpp: sending the token again
  void on_token_retransmit();
  void send_token_again();
  void on_token_copy(const wire::Token& packet);
  void arm_retransmit(unsigned repeats);
  void measure_rotation(Circuit& circuit);
  [[nodiscard]] Duration patience() const;

  // peers.cpp: who could be let in, merge detection, backoff
  [[nodiscard]] bool is_waiting(NodeId peer) const;
  [[nodiscard]] bool is_quarantined(NodeId peer) const;
  void quarantine(NodeId peer);
  void hear(NodeId peer);
  void learn(NodeId from, Heard said);
  [[nodiscard]] std::vector<NodeId> workable() const;
  [[nodiscard]] bool is_admissible(NodeId stranger, const std::vector<NodeId>& its_hears) const;
  [[nodiscard]] bool has_strangers() const;
  [[nodiscard]] bool is_fresh(const Heard& said) const;
  [[nodiscard]] bool is_worth_asking(NodeId peer, Instant since, const std::map<NodeId, Instant>& good) const;
  void announce();
  void evaluate_merge();
  void on_merge_timer();
  [[nodiscard]] std::vector<NodeId> better_ring() const;
  void evaluate_better_ring();
  void settle_backoff(const std::vector<NodeId>& before, const std::vector<NodeId>& after);
  void on_packet(NodeId from, const wire::MergeDetect& packet);

  // gather.cpp
  void enter_gather(GatherReason reason, const std::string& text, Gather gather = {});
  [[nodiscard]] std::vector<NodeId> partners(const Gather& gather) const;
  [[nodiscard]] bool is_agreed(Gather& gather, const std::vector<NodeId>& hears) const;
  [[nodiscard]] std::vector<NodeId> propose(const Gather& gather, const std::vector<NodeId>& hears) const;
  void refresh_gather(bool resend = false);
  void tell_proposal(Gather& gather, const std::vector<NodeId>& hears, bool resend);
  void on_join_timer();
  void leave_out_unheard(Gather& gather);
  void withdraw_agreement(Gather& gather);
  void on_agreement();
  void on_consensus_timeout();

  // on_join.cpp
  void on_packet(NodeId from, const wire::Join& packet);
  void on_leave_of(NodeId from);
  void join_in_transit(NodeId from, const wire::Join& packet);
  void join_in_operation(NodeId from, const wire::Join& packet);
  void gather_with(NodeId from, const wire::Join& packet, GatherReason reason, const std::string& text);

  // commit.cpp
  void create_commit();
  void enter_commit(wire::CommitToken token, std::size_t position);
  void on_packet(NodeId from, const wire::CommitToken& packet);
  void commit_in_gather(NodeId from, const wire::CommitToken& packet);
  void commit_in_commit(NodeId from, const wire::CommitToken& packet);

  // recovery.cpp
  void enter_recovery(const wire::CommitToken& token, std::size_t position);
  void plan_recovery(Recovery& recovery) const;
  void send_first_token();
  void absorb(const wire::Mcast& frame);
  void recovery_visit(wire::Token& token);
  void lead_recovery(wire::Token& token);
  void send_recovered(wire::Token& token);
  void set_complete();

  // operational.cpp
  void enter_operational();
  void deliver_old_ring(const Recovery& recovery);
  void deliver_ready();
  void hand_out(const wire::Mcast& frame, const RingId& ring);
  void spin_alone();

  // on_token.cpp, on_mcast.cpp
  void on_packet(NodeId from, const wire::Token& packet);
  void on_packet(NodeId from, const wire::HoldCancel& packet);
  void on_packet(NodeId from, const wire::Mcast& packet);
  void visit(wire::Token token);
  void pass_on(wire::Token token);
  void send_token(Circuit& circuit);
  void release_held();
  void on_cancel_timer();
  void send_cancel();
  void ask_for_token();
  void watch_aru(const wire::Token& token);
  [[nodiscard]] std::optional<NodeId> deaf_member(unsigned parts = 1) const;

  // circuit.cpp: flow control, retransmission, aru
  [[nodiscard]] Share window_share(Circuit& circuit, const wire::Token& token, std::size_t waiting) const;
  [[nodiscard]] bool is_store_full(const Log& log, const wire::Token& token, const Share& share) const;
  Share resend(const Log& log, wire::Token& token, const Share& at_most);
  void ask_for_missing(Circuit& circuit, const Log& log, wire::Token& token);
  void account(Circuit& circuit, wire::Token& token, const Share& sent, std::size_t waiting) const;
  void update_aru(const Log& log, wire::Token& token) const;
  Share send_new(Circuit& circuit, wire::Token& token, const Share& at_most);
  [[nodiscard]] wire::Mcast next_frame(const RingId& ring, MessageSeq seq);
  void contribute(wire::Token& token);

  // invariants.cpp
  void check_cheap() const;
  [[nodiscard]] std::optional<std::string> broken_invariant() const;

  // helpers
  [[nodiscard]] Circuit* circuit();
  [[nodiscard]] const Circuit* circuit() const;
  [[nodiscard]] Log& live_log();
  [[nodiscard]] Log empty_log() const;
  [[nodiscard]] View view() const;
  [[nodiscard]] bool is_up(NodeId node) const { return up.contains(node); }
  void send_all(wire::Packet packet) { out.sends.push_back({std::nullopt, std::move(packet)}); }
  void send_to(NodeId node, wire::Packet packet) { out.sends.push_back({node, std::move(packet)}); }
  void drop(const char* why);
  template <class... Args>
  void say(Level level, fmt::format_string<Args...> format, Args&&... args) {
    out.notes.push_back(note(level, format, std::forward<Args>(args)...));
  }

  Options options;
  NodeId self;
  Instant now{};
  Output out;
  std::vector<Send> rest;  ///< frames of the last visit that follow the token, in the next step
  /// After a greater one there is no number left for a ring.
  static constexpr std::uint64_t last_ring_seq = wire::max_ring_seq - 4;
  std::uint64_t known_ring_seq = 0;      ///< the greatest ring number seen anywhere
  std::uint64_t committed_ring_seq = 0;  ///< the greatest this node took part in: on disk
  Installed installed;
  SendQueue queue;
  Standing standing;
  std::size_t frame_size = wire::usual_frame;
  Duration rotation{};          ///< the last one that was measured
  Duration average_rotation{};  ///< smoothed
  std::uint64_t average_backlog = 0;
  Instant token_at{};           ///< when a fresh token came last
  Instant announced_at{};       ///< when a MergeDetect was sent last
  std::set<NodeId> up;    ///< the links' verdict
  std::set<NodeId> left;  ///< said that they leave, and nothing since
  std::set<NodeId> mute;  ///< the links call them up, but nothing came from them when it should have
  std::set<NodeId> tried;  ///< strangers waited for since the last installed ring
  std::map<NodeId, Heard> heard;
  std::map<NodeId, Backoff> backoff;
  Timers timers;
  Counters counters;
  std::variant<Stopped, Gather, Commit, Recovery, Operational> state;
};

/// Within what makes sense: a zero interval would fire for ever.
[[nodiscard]] Options bounded(Options options);
/// `1 2 3`, for notes.
[[nodiscard]] std::string node_list(const std::vector<NodeId>& nodes);
[[nodiscard]] bool has_node(const std::vector<NodeId>& sorted, NodeId node);
[[nodiscard]] const char* state_name(const std::variant<Stopped, Gather, Commit, Recovery, Operational>& state);

}  // namespace relevo::totem
