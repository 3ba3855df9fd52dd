// Orderings that come from capacity; see utilization_orderings.cpp. What utilization does to scores is internal to this folder.
#pragma once

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// What frees capacity on a node comes before what needs it there: stops of `rsc` before `load_stopped_NODE`, that before its
/// starts and migrations. Nothing without a placement strategy or utilization.
void add_utilization_orderings(WorkingSet& set, Resource& rsc);

}  // namespace relevo::policy
