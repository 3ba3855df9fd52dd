// Fencing and shutdown of nodes, and what they imply for the resources there.
#pragma once

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {

/// A member that asks to leave and can.
[[nodiscard]] bool needs_shutdown(const Node& node);
/// The action that lets it go, after all that stops there.
Action& new_shutdown_action(WorkingSet& set, Node& node);
/// Starts wait for the fencing where they must; stops and demotes on its target are implied by it.
void order_around_fencing(WorkingSet& set, Action& fencing);

}  // namespace relevo::policy
