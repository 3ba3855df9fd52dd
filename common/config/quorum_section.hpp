// The quorum section with its device (the arbiter), typed.
#pragma once

#include <string_view>

#include "common/config/cluster_config.hpp"

namespace relevo::config {

/// Fills `quorum`; after the nodes. Errors: a section without a provider, a device without a host, options that
/// contradict each other whatever the votes are. What depends on votes is checked by the quorum room.
Status fill_quorum(ClusterConfig& config, std::string_view file);

}  // namespace relevo::config
