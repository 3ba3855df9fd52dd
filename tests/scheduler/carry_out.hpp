// Carries a plan out in the document: every action succeeds, its record is written as the controller writes it.
#pragma once

#include "resmgr/cib/document.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::test {

/// Runs the transition engine over the plan until nothing more can be fired; checks that it neither sticks nor stalls.
void carry_out(cib::Document& document, const scheduler::Plan& plan);

}  // namespace relevo::test
