// What is planned and may not be done now, or cannot be done by this version. Internal to the scheduler.
#pragma once

#include "resmgr/cib/document.hpp"
#include "resmgr/scheduler/plan.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::scheduler {

/// Holds back every start and promotion of what may be active on a guarded node: unless that node's history proves that it
/// was not, nobody knows before the guard ends.
void hold_guarded(const cib::Document& document, const PlanOptions& options, Plan& plan);
/// Fencing: said in a warning, never fired.
void hold_unsupported(Plan& plan);
/// What waits for something that cannot be done cannot be done either.
void drop_dependents(Plan& plan);

}  // namespace relevo::scheduler
