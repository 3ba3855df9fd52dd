// The Dummy resource: a file that exists while it "runs". Two providers ship one; they differ in their parameters.
#pragma once

#include "agents/lib/ocf.hpp"

namespace relevo::agents {

/// With the parameters of ocf:heartbeat:Dummy (`pacemaker` false) or ocf:pacemaker:Dummy.
int dummy_main(int argc, char** argv, bool pacemaker);

}  // namespace relevo::agents
