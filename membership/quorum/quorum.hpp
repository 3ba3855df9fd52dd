// Votes and members to "may this partition act", by the rules of votequorum(5). It sends nothing: what members must
// know of each other travels as Info in the sync messages of the groups.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/view.hpp"

namespace relevo::quorum {

/// What the quorum section and the node list say.
struct Options {
  bool configured = true;            ///< false: no provider, every partition may act
  std::uint32_t expected_votes = 0;  ///< 0 = the sum of `votes`
  bool two_node = false;
  bool wait_for_all = false;
  bool last_man_standing = false;
  bool auto_tie_breaker = false;
  std::map<NodeId, std::uint32_t> votes;
};

/// Errors: an option that this version cannot keep, or values that contradict each other; names the option.
Status check(const Options& options);

/// What a member tells the others when a ring is formed.
struct Info {
  std::uint32_t votes = 0;
  std::uint32_t expected = 0;
  bool waiting = false;  ///< has not seen all nodes since its start, and should
  bool quorate = false;
  bool operator==(const Info&) const = default;
};
[[nodiscard]] Bytes encode(const Info& info);
/// Unreadable bytes give a member without a vote.
[[nodiscard]] Info decode_info(BytesView bytes);

/// One node's quorum. Withdraws at once, grants only when a ring is complete.
class Quorum {
 public:
  Quorum(Options options, NodeId self);

  [[nodiscard]] const QuorumView& view() const { return view_; }
  [[nodiscard]] Info info() const;

  /// The old ring broke up: these are left of it for now. True when the view changed (quorum withdrawn).
  [[nodiscard]] bool on_transitional(const Configuration& configuration);
  /// The infos of all members of `ring` are known. `grant` is false when the ring broke up in the meantime: then
  /// what was learned counts, but quorum is neither given nor taken.
  void on_synced(const RingId& ring, const std::map<NodeId, Info>& members, bool grant);

  /// The operator's word for the whole cluster; at the same place of the total order on every member.
  /// Errors: it would take quorum away from a quorate cluster, or is below the votes that are present.
  Status set_expected_votes(std::uint32_t votes);
  void cancel_wait_for_all();

 private:
  void recompute(bool grant);
  [[nodiscard]] std::uint32_t needed() const;
  [[nodiscard]] std::string reason() const;

  Options options_;
  NodeId self_;
  std::map<NodeId, std::uint32_t> members_;  ///< votes of the last complete ring
  std::uint32_t expected_ = 0;
  bool waiting_ = false;
  bool complete_ = false;  ///< a ring is installed and complete, and not breaking up
  QuorumView view_;
};

}  // namespace relevo::quorum
