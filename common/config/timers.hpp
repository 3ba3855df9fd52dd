// The timers of the totem section: what the profile sets, Corosync's formulas for the rest, single options above both.
#pragma once

#include <string_view>

#include "common/config/cluster_config.hpp"

namespace relevo::config {

/// Fills every Duration of `totem` from its profile, `raw` and the number of nodes. Errors: a timer that contradicts another.
/// Source: corosync.conf(5), the formulas of each option; heartbeat_interval and link_timeout are ours.
Status fill_timers(ClusterConfig& config, std::string_view file);

}  // namespace relevo::config
