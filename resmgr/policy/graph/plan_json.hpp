// The plan as data for programs and for explanations: what becomes of each resource, each node's score and what made
// it, actions and what they wait for. Adds nothing: whatever is told here is in the working set.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// `{"placements": [...], "nodes": [...], "actions": [...], "notices": [...], "recheck_by": seconds or null}`. After
/// make_graph(), which says what of the plan is carried out. Each action has its reasons: `[{"cause", "text", "action", "constraint"}]`.
[[nodiscard]] nlohmann::json plan_json(WorkingSet& set);

/// One resource's scores, best node first: `[{"node", "score", "usable", "because": [{"cause", "subject", "score",
/// "sets"}]}]`. A contribution with `sets` replaces what was before it; the others are added.
[[nodiscard]] nlohmann::json scores_json(const WorkingSet& set, const Resource& rsc);
/// The lines of crm_simulate -s in their order: `[{"step", "resource", "node", "score", "because"}]`; a promotion score has no step.
[[nodiscard]] nlohmann::json score_lines_json(const WorkingSet& set, const AssignmentLog& log);

}  // namespace relevo::policy
