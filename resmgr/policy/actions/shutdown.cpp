// Nodes that ask to leave: what runs there stops first. Fencing is in fencing.cpp.
#include <fmt/format.h>

#include "resmgr/policy/actions/node_actions.hpp"

namespace relevo::policy {
namespace {

/// Unmanaged and blocked resources must not keep a node from leaving, and nothing in maintenance is touched.
bool waits_for(const Action& action, const Node& node) {
  if (action.rsc == nullptr || action.node != &node || action.task != "stop") return false;
  if (action.rsc->maintenance || node.maintenance) return false;
  return action.rsc->managed || action.rsc->blocked;
}

}  // namespace

bool needs_shutdown(const Node& node) { return !node.is_remote() && node.online && node.shutdown; }

Action& new_shutdown_action(WorkingSet& set, Node& node) {
  Action& down = custom_action(set, nullptr, fmt::format("do_shutdown-{}", node.name), "do_shutdown", &node, false);
  for (Action* action : set.actions) {
    if (!waits_for(*action, node)) continue;
    action->optional = false;
    new_ordering(set, action->rsc, {}, action, nullptr, "do_shutdown", &down, order::optional | order::runnable_left);
  }
  down.meta.insert_or_assign("op_no_wait", "true");
  return down;
}

}  // namespace relevo::policy
