// Which configuration a new ring runs by, from what its members say of theirs: one rule, the same answer everywhere.
#pragma once

#include <map>
#include <optional>

#include "membership/reload/in_force.hpp"

namespace relevo::reload {

struct Standpoint {
  InForce in_force;
  bool quorate = false;  ///< its last ring had quorum
};

struct Settlement {
  InForce in_force;  ///< of the ring
  NodeId teller;     ///< the smallest member that has it: sends it to those who have not
  bool stale = false;   ///< some member has an older one
  std::optional<NodeId> clash;  ///< the smallest member with the same version and another content
};

/// The greatest version counts. Among contents of that version: who had quorum, then who are more, then the smallest
/// node. `members` must not be empty.
[[nodiscard]] Settlement settle(const std::map<NodeId, Standpoint>& members);

}  // namespace relevo::reload
