// Votes and members to "may this partition act", by the rules of votequorum(5). It sends nothing: what members must
// know of each other travels as Info in the sync messages of the groups, and as ordered proposals that the caller sends.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/view.hpp"
#include "membership/quorum/basis.hpp"
#include "membership/quorum/options.hpp"

namespace relevo::quorum {

/// What a member tells the others when a ring is formed.
struct Info {
  std::uint32_t votes = 0;
  bool waiting = false;  ///< has not seen all nodes since its start, and should
  Bases bases;
  Options options{};     ///< effective: what its configuration says; without votes it says nothing
  bool quorate = false;  ///< its last complete ring was; does not travel here, the caller fills it in
  bool operator==(const Info&) const = default;
};
[[nodiscard]] Bytes encode(const Info& info);
/// Unreadable bytes give a member without a vote.
[[nodiscard]] Info decode_info(BytesView bytes);

/// What a ring counts by: the options of the newest configuration among its members; of several contents of that version
/// as reload::settle() chooses: who had quorum, then the many, then the smallest node. Nothing when nobody says any.
[[nodiscard]] const Options* newest_options(const std::map<NodeId, Info>& members);

/// One node's quorum. Withdraws at once, grants only when a ring is complete. What is said to come "in the total order"
/// must reach every member at the same place of it; `certain` is true when it was a safe message delivered in a regular
/// configuration, so that every member has it or will have it before the next ring.
class Quorum {
 public:
  Quorum(Options options, NodeId self);

  [[nodiscard]] const QuorumView& view() const { return view_; }
  [[nodiscard]] Info info() const;
  [[nodiscard]] const Bases& bases() const { return bases_; }

  /// The old ring broke up: these are left of it for now. True when the view changed (quorum withdrawn).
  [[nodiscard]] bool on_transitional(const Configuration& configuration);
  /// The infos of all members of `ring` are known. `grant` is false when the ring broke up in the meantime: then
  /// what was learned counts, but quorum is neither given nor taken. All count by the options of the newest
  /// configuration among them, from here on: a member with an older one is told the file later.
  void on_synced(const RingId& ring, const std::map<NodeId, Info>& members, bool grant);

  // ---- changes of what decides: proposals of the first member, in the total order -------------------------------
  /// Time passes: the window of last_man_standing. Call it in every step, before take_proposal().
  void on_tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const { return shrink_at_; }
  /// What this node must send as a safe message now, if anything; it comes back to all as on_proposal().
  [[nodiscard]] std::optional<Bytes> take_proposal();
  /// A proposal in the total order. True when the view changed.
  bool on_proposal(BytesView bytes, bool certain);
  /// This node said that it shuts down: not a crash (allow_downscale).
  void on_leaving(NodeId node);

  // ---- the operator, in the total order ------------------------------------------------------------------------
  /// Errors: it would take quorum away from a quorate cluster, or is below the votes that are present.
  Status set_expected_votes(std::uint32_t votes, bool certain = true);
  void cancel_wait_for_all();
  /// Whether reconfigure() may be asked for. Errors: check(); this partition has no quorum and the votes would change;
  /// it would lose quorum.
  [[nodiscard]] Status check_reconfigure(const Options& fresh) const;
  /// A new configuration that all members have taken, in the total order. Never makes two partitions quorate: where it
  /// is not certain, or this partition has no quorum, old and new rule must both be satisfied from now on.
  void reconfigure(const Options& fresh, bool certain = true);
  /// This node alone has taken over a configuration that its ring has. As a rule nothing is left to do.
  void take_over(const Options& fresh);

  // ---- the device (arbiter) ------------------------------------------------------------------------------------
  /// The word of the arbiter `device_id` to the member `from`, in the total order; counts for that ring only, and only
  /// where that is the arbiter of the configuration. True when the view changed.
  bool on_device(NodeId from, const RingId& ring, bool vote, std::uint64_t device_id = 0);
  /// Whether this node talks with the arbiter, and whether that has refused this partition: for people, nothing that
  /// decides depends on it. True when the view changed.
  bool set_device_state(bool alive, bool refused);
  /// What the arbiter has said to `node` about this ring.
  [[nodiscard]] bool device_said_yes_to(NodeId node) const { return device_yes_.count(node) != 0; }

 private:
  void recompute();
  void adopt(const Options& ring);
  [[nodiscard]] Status check_device(const Options& future) const;
  [[nodiscard]] std::uint32_t votes_of(NodeId node, const Info& info) const;
  void catch_up();
  [[nodiscard]] Basis rebased(bool all_decided, bool all_expected) const;
  [[nodiscard]] Presence present() const;
  [[nodiscard]] bool satisfied(const Presence& present) const;
  [[nodiscard]] bool is_all_here() const;
  [[nodiscard]] bool may_shrink() const;
  [[nodiscard]] std::optional<Basis> wanted() const;
  [[nodiscard]] Basis next_when_dynamic() const;
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] std::string lack() const;
  void take(Basis basis, bool certain);

  Options options_;  ///< effective
  NodeId self_;
  Bases bases_;
  bool waiting_ = false;
  std::map<NodeId, std::uint32_t> members_;  ///< votes of the last complete ring
  std::set<NodeId> unsure_;      ///< members that know too little to count (is_dynamic)
  std::set<NodeId> left_;        ///< said that they leave, and were not seen since
  std::set<NodeId> device_yes_;  ///< members to whom the arbiter gave its vote for this ring
  bool device_alive_ = false, device_refused_ = false;
  bool complete_ = false;  ///< a ring is installed and complete, and not breaking up
  std::uint64_t proposed_ = 0;  ///< epoch of what is on its way on this ring; 0 = nothing
  bool shrink_due_ = false;
  std::optional<Instant> shrink_at_;
  QuorumView view_;
};

}  // namespace relevo::quorum
