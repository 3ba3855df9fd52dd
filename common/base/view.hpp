// The cluster as the membership layer shows it to everyone above: configurations and quorum.
#pragma once

#include <string>
#include <vector>

#include "common/base/ids.hpp"

namespace relevo {

/// A totem configuration. Members are sorted by node id.
/// Source: Moser et al., extended virtual synchrony; membership spec 2.13.
struct Configuration {
  enum class Kind { transitional, regular };
  Kind kind = Kind::regular;
  RingId ring;  ///< transitional: the old ring
  std::vector<NodeId> members;
  bool operator==(const Configuration&) const = default;
};

/// Whether this partition may act, and why.
struct QuorumView {
  bool quorate = false;
  std::uint32_t expected_votes = 0;
  std::uint32_t highest_expected = 0;
  std::uint32_t total_votes = 0;
  std::uint32_t quorum = 0;  ///< votes needed
  bool two_node = false;
  bool wait_for_all = false;          ///< the option is on
  bool waiting_for_all = false;       ///< still not quorate because not all were seen yet
  bool last_man_standing = false;
  bool auto_tie_breaker = false;
  bool allow_downscale = false;
  bool device_configured = false;     ///< an arbiter has a say
  bool device_alive = false;          ///< this node talks with it
  bool device_vote = false;           ///< it votes for this partition, and its votes are counted in total_votes
  bool device_pending = false;        ///< not quorate, but would be with its vote, which has not come yet
  std::uint32_t device_votes = 0;     ///< what its vote weighs
  RingId ring;
  std::vector<NodeId> members;
  std::vector<std::uint32_t> votes;  ///< one a member, same order
  std::string reason;                ///< one sentence for people
  bool operator==(const QuorumView&) const = default;
};

}  // namespace relevo
