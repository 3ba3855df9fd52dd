// The inside of Ring: what it does in which file, and what outlives its states (states.hpp). Only files of this folder
// include it.
#pragma once

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "membership/totem/ring.hpp"
#include "membership/totem/send_queue.hpp"
#include "membership/totem/states.hpp"
#include "membership/totem/timers.hpp"

namespace relevo::totem {

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
  void on_settle_timer();
  [[nodiscard]] std::vector<NodeId> better_ring() const;
  void evaluate_better_ring();
  void settle_backoff(const std::vector<NodeId>& before, const std::vector<NodeId>& after);
  void on_packet(NodeId from, const wire::MergeDetect& packet);

  // gather.cpp
  void enter_gather(GatherReason reason, const std::string& text, Gather gather = {});
  [[nodiscard]] std::vector<NodeId> partners(const Gather& gather) const;
  [[nodiscard]] bool is_agreed(Gather& gather, const std::vector<NodeId>& hears) const;
  [[nodiscard]] std::vector<NodeId> propose(const Gather& gather, const std::vector<NodeId>& hears) const;
  void on_new_facts(Gather& gather, bool owes_join = false);
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
  [[nodiscard]] bool would_choose(NodeId asker, const wire::Join& packet) const;
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
  State state;
};

/// Within what makes sense: a zero interval would fire for ever.
[[nodiscard]] Options bounded(Options options);
/// `1 2 3`, for notes.
[[nodiscard]] std::string node_list(const std::vector<NodeId>& nodes);
[[nodiscard]] bool has_node(const std::vector<NodeId>& sorted, NodeId node);
[[nodiscard]] const char* state_name(const State& state);

}  // namespace relevo::totem
