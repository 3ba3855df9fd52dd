// Questions about a resource's history that more than one phase asks. Internal to the scheduler.
#pragma once

#include <vector>

#include "resmgr/model/cluster_state.hpp"

namespace relevo::scheduler {

/// The entries that still say something about a running resource: from its last start on; none after a stop.
[[nodiscard]] std::vector<model::HistoryEntry> since_last_start(const std::vector<model::HistoryEntry>& entries);
/// Was this operation run with other parameters than the configuration has now, or must it be set up anew?
[[nodiscard]] bool is_outdated(const model::Resource& resource, const model::OperationSpec& op,
                               const model::HistoryEntry& entry);
/// Did the last failure there happen with other parameters? Then it says nothing about the present ones.
[[nodiscard]] bool failed_as_something_else(const model::Resource& resource, const std::string& node);

}  // namespace relevo::scheduler
