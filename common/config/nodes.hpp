// The node list of cluster.conf: ids, names, one address a link, each checked against the others.
#pragma once

#include <string_view>

#include "common/config/cluster_config.hpp"
#include "common/config/syntax.hpp"

namespace relevo::config {

/// Fills `nodes`, `links` and the raw node keys. Errors: no node, an id, name or address used twice, a missing id or
/// address, nodes with different numbers of links, names missing where there is more than one link.
Status fill_nodes(const Section& root, ClusterConfig& config, std::string_view file);

}  // namespace relevo::config
