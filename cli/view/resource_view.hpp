// The resources of a cluster's view: primitives with what they are part of, and the lines that crm_mon has for them.
#pragma once

#include <string_view>

#include "cli/view/cluster_view.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::cli::view {

/// Fills collections, resources and resource_texts. The set must be unpacked and not planned.
void put_resources(ClusterView& cluster, const policy::WorkingSet& set);

/// The id in the configuration: instances of an anonymous clone share it.
[[nodiscard]] std::string_view configured_name(const policy::Resource& rsc);

}  // namespace relevo::cli::view
