// What must be right on a node before its daemons are started, told in words that say how to mend it.
#pragma once

#include "common/config/cluster_config.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::cluster {

/// The configuration file that the daemons of this root read: cluster.conf, else corosync.conf where that is there.
[[nodiscard]] std::string config_path(const io::Root& root);
/// Reads and checks cluster.conf (ours, else corosync.conf). Errors name the file and what to do.
Result<config::ClusterConfig> check_config(const io::Root& root);
/// The key: there, a plain file, of this user or root, closed to others, of a possible size.
Status check_key(const io::Root& root, const config::ClusterConfig& config);

}  // namespace relevo::cli::cluster
