// The reports for tools: the daemon's state as JSON. Names of keys are part of the interface: add, never rename.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/config/cluster_config.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

/// What the shell itself knows and the core does not.
struct ShellFacts {
  std::size_t local_programs = 0;
  std::map<std::uint8_t, std::uint64_t> dropped;  ///< packets the kernel did not take, by link
};

/// `status`: ring, members, links, quorum, counters.
[[nodiscard]] std::string status_report(const stack::Status& status, const config::ClusterConfig& config,
                                        const ShellFacts& facts);
/// `cmap`: the configuration as written and the runtime keys that corosync-cmapctl's users know, all as text.
[[nodiscard]] std::string cmap_report(const stack::Status& status, const config::ClusterConfig& config);

}  // namespace relevo::membership
