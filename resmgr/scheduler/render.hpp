// A plan told to people and programs: the transition summary, and why a resource is where it is.
// Adds nothing to the plan: whatever is told here is in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.hpp"
#include "resmgr/model/cluster_state.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::scheduler {

/// The lines of crm_simulate's "Transition Summary" (`  * Start      VIP     ( nodo1 )`); Leave is not told.
[[nodiscard]] std::vector<std::string> summary_lines(const Plan& plan);
/// One line for each action: what, where, why, and what it waits for.
[[nodiscard]] std::vector<std::string> action_lines(const Plan& plan);

/// Every node's score with its contributions, what becomes of the resource, and why. Errors: not_found, with the
/// nearest name.
Result<std::vector<std::string>> explain(const model::ClusterState& state, const Plan& plan, std::string_view resource);
/// The same as data.
Result<nlohmann::json> explain_json(const model::ClusterState& state, const Plan& plan, std::string_view resource);

}  // namespace relevo::scheduler
