// Which nodes should form the next ring: one deterministic rule over who hears whom. It waits for nobody.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "common/base/ids.hpp"

namespace relevo::totem {

/// What is known of a node that might be in the next ring.
struct Candidate {
  bool known = false;         ///< it said itself whom it hears; otherwise it is taken to hear everybody
  RingId old_ring;            ///< where it comes from; 0.0 = nowhere
  std::vector<NodeId> hears;  ///< sorted
  std::uint32_t votes = 1;
  bool quorate = false;       ///< its old ring was
};

/// A set in which all hear all and that contains `self`. Splits the candidates as every other node would, given the same
/// facts: the best complete set, then the best of the rest, until one has `self`. Better is, in this order: more than
/// half of the votes that came from one quorate ring; more votes (of those who spoke); more nodes; more that come from
/// one ring; lower node numbers. Looks at a bounded number of sets; of more than 64 candidates, at the lowest and `self`.
[[nodiscard]] std::vector<NodeId> choose_members(NodeId self, const std::map<NodeId, Candidate>& candidates);

}  // namespace relevo::totem
