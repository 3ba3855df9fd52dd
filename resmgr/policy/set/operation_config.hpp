// What is configured about operations, before it is understood. Used by unpack_operation and by recurring operations.
#pragma once

#include <pugixml.hpp>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// The `op` elements of a resource in their order; an `id-ref` of `operations` is followed.
[[nodiscard]] pugi::xml_object_range<pugi::xml_named_node_iterator> operations_of(const Resource& rsc);

/// Sets `op` and `meta` of the action from the configuration; the same on all nodes.
void read_configured(WorkingSet& set, Action& action);

}  // namespace relevo::policy
