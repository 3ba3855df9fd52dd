// Through whom an action reaches its node, and which nodes it takes down. Internal to the graph.
#pragma once

#include <string_view>
#include <vector>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// The cluster node that passes an action on to a remote or guest node: where the connection is, or where it moves to,
/// as the task needs. nullptr: the action needs nobody. Source: resmgr spec 2(a) stage 9.
[[nodiscard]] const Node* router_of(const Action& action);

/// Ids of nodes that will be down when the action has been carried out.
[[nodiscard]] std::vector<std::string_view> taken_down_by(const WorkingSet& set, const Action& action);

/// The host of the guest that an action runs in: for tasks that end something where it is now, for others where it will
/// be. nullptr when the node is no guest, or the task does not care. Source: resmgr spec 1.3, "Bundle".
[[nodiscard]] const Node* physical_host(const Action& action);

}  // namespace relevo::policy
