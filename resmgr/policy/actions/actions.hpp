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

// Of collections; the dispatch is in internal_constraints() and probe().
void group_internal_constraints(WorkingSet& set, Resource& group);
void clone_internal_constraints(WorkingSet& set, Resource& clone);
void bundle_internal_constraints(WorkingSet& set, Resource& bundle);
bool probe_clone(WorkingSet& set, Resource& clone, Node& node);
bool probe_bundle(WorkingSet& set, Resource& bundle, Node& node);
bool probe_primitive(WorkingSet& set, Resource& rsc, Node& node);
/// Probes each of them there; whether any was made.
bool probe_all(WorkingSet& set, const std::vector<Resource*>& resources, Node& node);

/// The action that ends a recurring operation on that node.
Action& new_cancel_action(WorkingSet& set, Resource& rsc, std::string_view task, std::chrono::milliseconds interval, Node& node);
/// The same because the configuration no longer wants it there, after any stop. `call_id` is for people.
void schedule_cancel(WorkingSet& set, Resource& rsc, std::string_view call_id, std::string_view task, std::chrono::milliseconds interval,
                     Node& node, std::string_view reason);
/// A recurring operation that runs there shall be set up again with new parameters.
void reschedule_recurring(WorkingSet& set, Resource& rsc, std::string_view task, std::chrono::milliseconds interval, Node& node);

/// Has the node been unfenced since it was fenced or started?
[[nodiscard]] bool is_unfenced(const Node& node);
/// Requires that the node is unfenced (no node: all nodes where `device` may run); nothing when unfencing is not in use,
/// or `device` is given and is no fence device. `dependency` then waits for it.
void trigger_unfencing(WorkingSet& set, Resource* device, Node* node, std::string_view reason, Action* dependency);
/// Where unfencing is in use, `action` comes after the unfencing of `node`, in the way that `flags` say.
void order_after_unfencing(WorkingSet& set, const Resource& rsc, Node& node, Action& action, std::uint32_t flags);
/// Of a remote node (no guest): its connection failed or is on a failed node, and will not be made again.
[[nodiscard]] bool is_failed_remote_node(const Node& node);
/// The connection of a guest node that lives in this container, or nullptr.
[[nodiscard]] Resource* guest_connection_in(const Resource* container);
/// How a primitive is brought from `role` one step towards `goal`.
[[nodiscard]] Role next_step(Role role, Role goal);

/// How a collection's action stands: optional only if all parts' are, runnable if any is. Source: stage 8.
struct ActionState {
  bool optional = true, runnable = true, pseudo = false;
};
[[nodiscard]] ActionState action_state(const WorkingSet& set, Action& action, const Node* node);

}  // namespace relevo::policy
