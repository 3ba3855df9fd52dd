// What must be done to get from the present to the assignment. Source: resmgr spec 2(a) stages 5, 6 and 8 to 10.
#pragma once

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Orderings and colocations that variants bring with them. Before assignment.
void add_internal_constraints(WorkingSet& set);
void internal_constraints(WorkingSet& set, Resource& rsc);
/// Changed parameters, removed operations, changed agents. Before assignment.
void handle_config_changes(WorkingSet& set);

/// Probes, then everything else. After assignment.
void schedule_probes(WorkingSet& set);
bool probe(WorkingSet& set, Resource& rsc, Node& node);  ///< whether one was made
void order_probes(WorkingSet& set);
void create_all_actions(WorkingSet& set);
void create_actions(WorkingSet& set, Resource& rsc);
/// Their connections come up before what runs behind them and go down after it.
void order_remote_connections(WorkingSet& set);
/// Fencing of unclean nodes, shutdown of those that ask, and what both imply.
void fence_and_shut_down(WorkingSet& set);

// Parts that several variants use.
void create_primitive_actions(WorkingSet& set, Resource& rsc);
void create_group_actions(WorkingSet& set, Resource& rsc);
void create_clone_actions(WorkingSet& set, Resource& rsc);
void create_bundle_actions(WorkingSet& set, Resource& rsc);
void create_recurring_actions(WorkingSet& set, Resource& rsc);
void create_migration_actions(WorkingSet& set, Resource& rsc, Node& current);
void create_notifications(WorkingSet& set, Resource& clone);
/// Stops it on that node (and deletes its history there when it was removed or its agent changed).
void schedule_stop(WorkingSet& set, Resource& rsc, Node& node, bool optional);
void schedule_cleanup(WorkingSet& set, Resource& rsc, const Node& node, bool optional);
void reload_or_restart(WorkingSet& set, Resource& rsc, Node& node);

/// How a collection's action stands: optional only if all parts' are, runnable if any is. Source: stage 8.
struct ActionState {
  bool optional = true, runnable = true, pseudo = false;
};
[[nodiscard]] ActionState action_state(const WorkingSet& set, Action& action, const Node* node);

}  // namespace relevo::policy
