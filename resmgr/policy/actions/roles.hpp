// How a primitive gets from role to role, step by step. Internal to resmgr/policy/actions.
#pragma once

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Down to Stopped where it is now, and up again to the role it has, on the node that it gets. `need_stop`: really;
/// else the steps are made as optional ones that an ordering may require. `need_promote`: its promotion is required.
void schedule_restart(WorkingSet& set, Resource& rsc, Node* current, bool need_stop, bool need_promote);

/// From the role it has to the one it shall have.
void schedule_next_role(WorkingSet& set, Resource& rsc);

}  // namespace relevo::policy
