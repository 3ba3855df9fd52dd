// The reports for tools: the daemon's state as JSON. Names of keys are part of the interface: add, never rename.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/config/cluster_config.hpp"
#include "membership/daemon/sessions.hpp"
#include "membership/stack/stack.hpp"

namespace relevo::membership {

/// What the shell itself knows and the core does not.
struct ShellFacts {
  std::vector<std::string> troubles;  ///< what the operator should know: disk, file, why the node left
  std::size_t local_programs = 0;
  std::map<std::uint8_t, std::uint64_t> dropped;  ///< packets the kernel did not take, by link
  std::vector<SessionFacts> programs;             ///< sorted by client
  std::map<stack::ClientId, std::string> names;   ///< of their processes; empty = not known
  std::uint64_t ended_programs = 0;
};

/// `status`: ring, members, links, quorum, counters.
[[nodiscard]] std::string status_report(const stack::Status& status, const config::ClusterConfig& config,
                                        const ShellFacts& facts);
/// `groups`: every group with its members.
[[nodiscard]] std::string groups_report(const stack::Stack& stack);

}  // namespace relevo::membership
