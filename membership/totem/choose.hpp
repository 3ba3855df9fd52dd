// Which nodes should form the next ring: one deterministic rule over who hears whom. It waits for nobody.
#pragma once

#include <map>
#include <vector>

#include "common/base/ids.hpp"

namespace relevo::totem {

/// What is known of a node that might be in the next ring.
struct Candidate {
  bool known = false;         ///< it said itself whom it hears; otherwise it is taken to hear everybody
  RingId old_ring;            ///< where it comes from; 0.0 = nowhere
  std::vector<NodeId> hears;  ///< sorted
};

/// A set in which all hear all and that contains `self`. Splits the candidates as every other node would, given
/// the same facts: drop whoever lacks most connections (then: has not spoken, comes from the smaller ring, has the
/// higher number) until the rest is complete; when `self` was dropped, begin again with the dropped ones.
[[nodiscard]] std::vector<NodeId> choose_members(NodeId self, const std::map<NodeId, Candidate>& candidates);

}  // namespace relevo::totem
