// Orderings of starts and stops said again for resources that may migrate instead. Internal to resmgr/policy/constraints.
#pragma once

#include <vector>

#include "resmgr/policy/set/constraint.hpp"

namespace relevo::policy {

/// What an ordering means for the migrations of its two resources; nothing when neither may migrate.
[[nodiscard]] std::vector<Ordering> migration_equivalents(const Ordering& ordering);

}  // namespace relevo::policy
