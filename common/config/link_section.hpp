// The totem.interface sections: what each link has of its own.
#pragma once

#include <string_view>

#include "common/config/cluster_config.hpp"

namespace relevo::config {

/// Fills `totem.links`, one for each address of a node; after fill_timers. Errors: two links of a node with the same
/// address and port.
Status fill_links(ClusterConfig& config, std::string_view file);

}  // namespace relevo::config
