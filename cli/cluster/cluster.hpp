// `relevo cluster` and `relevo keygen`: this node's daemons and the cluster's key. The one header for main.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::cluster {

/// Everything after `relevo cluster`: start, stop, status, key.
int run(const std::vector<std::string>& args);
/// Everything after `relevo keygen`.
int keygen(const std::vector<std::string>& args);
/// Everything after `corosync-keygen`: the options and lines of that program.
int corosync_keygen(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
