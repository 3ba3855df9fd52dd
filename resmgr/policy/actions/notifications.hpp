// Notifications: instances of a clone are told before and after what any of them does. The pseudo actions exist as soon
// as the operations do; who is told what is known only when all orderings are applied: create_notifications().
#pragma once

#include <string_view>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {

/// The pseudo actions before `action` and after `complete` (either may be missing), in their order. None when `rsc`
/// wants no notifications.
NotifyPoints notify_points(WorkingSet& set, Resource& rsc, std::string_view operation, Action* action,
                           Action* complete);
/// All that follows `first` is over before anybody is told of what `then` is about.
void order_points(const NotifyPoints& first, const NotifyPoints& then);
/// A stop that fencing implies: the others are told after the fencing.
void notify_after_fencing(WorkingSet& set, Resource& rsc, const Action& stop, Action& fencing);

}  // namespace relevo::policy
