// The cluster as JSON: the same facts as the text, for programs.
#pragma once

#include <string>

#include "cli/view/cluster_view.hpp"

namespace relevo::cli::view {

/// `{"format": 1, "cluster": ..., "nodes": [...], "resources": [...], "failures": [...]}`, indented.
[[nodiscard]] std::string to_json(const ClusterView& cluster);
/// Only the list of resources.
[[nodiscard]] std::string resources_json(const ClusterView& cluster);

}  // namespace relevo::cli::view
