// The policy engine's one page: every stage in its order.
#pragma once

#include "common/base/result.hpp"
#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Unpacks, assigns, plans and orders. Afterwards the actions stand, and graph, summary and explanations can be made.
/// Errors: invalid, when the document is no CIB.
Status schedule(WorkingSet& set, AssignmentLog& log);
/// The same for a set that is unpacked already (and was not planned yet).
void schedule_unpacked(WorkingSet& set, AssignmentLog& log);

}  // namespace relevo::policy
