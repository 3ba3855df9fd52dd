// The scheduler's one question: given the cluster as it is, what shall be done? A pure function.
// phases.cpp is the one page to read; docs/internals/scheduler.md tells the rest.
#pragma once

#include <set>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/model/cluster_state.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::scheduler {

/// What the caller knows beyond the CIB.
struct PlanOptions {
  /// Names of lost, not fenced nodes whose guard time still runs: what was active there may not start elsewhere yet.
  std::set<std::string> guarded_nodes;
  /// When the first guard ends, for Plan::recheck_at.
  std::optional<WallTime> guard_ends;
};

/// Plans one transition with the policy engine, for every kind of resource. What this version cannot carry out is in the
/// plan as not runnable, with a warning. Errors: invalid, when the document is no CIB.
Result<Plan> plan(const cib::Document& document, WallTime now, const PlanOptions& options = {});

/// Plans one transition. The same state gives the same plan, whatever the order of its inputs.
/// Errors: none today; a broken model gives warnings in the plan, never a guess.
Result<Plan> plan(const model::ClusterState& state, WallTime now, const PlanOptions& options = {});

}  // namespace relevo::scheduler
