// The timers of the totem section, with Corosync's formulas for what is not set.
#pragma once

#include <string_view>

#include "common/config/cluster_config.hpp"

namespace relevo::config {

/// Fills every Duration of `totem` from `raw` and the number of nodes. Errors: a timer that contradicts another.
/// Source: corosync.conf(5), the formulas of each option; heartbeat_interval and link_timeout are ours.
Status fill_timers(ClusterConfig& config, std::string_view file);

}  // namespace relevo::config
