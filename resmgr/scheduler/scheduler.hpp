// What shall be done, given the cluster as it is: the policy engine's answer as a plan to carry out. A pure function.
// What is decided, and why, is in resmgr/policy; docs/internals/scheduler.md tells the rest.
#pragma once

#include <set>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::scheduler {

/// What the caller knows beyond the CIB.
struct PlanOptions {
  /// Names of lost, not fenced nodes whose guard time still runs: what may be active there may not start elsewhere yet.
  std::set<std::string> guarded_nodes;
};

/// Plans one transition, for every kind of resource. What this version cannot carry out is in the plan as not runnable, with
/// a warning. Errors: invalid, when the document is no CIB.
Result<Plan> plan(const cib::Document& document, WallTime now, const PlanOptions& options = {});

}  // namespace relevo::scheduler
