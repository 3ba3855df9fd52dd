// A primitive's node is written down, with all that follows at once: next role, capacity, actions that cannot run. Choosing the
// node happens elsewhere.
#include <algorithm>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

bool will_do(const Resource& rsc, const Node& node) {
  const auto* entry = rsc.allowed.find(node);
  const Score score = entry == nullptr ? node.score : entry->score;
  if (score.value < 0) return false;
  return is_available(node) || node.is_guest();  // the connection of a guest will come up
}

// Operations that were planned before: none may start, a stop is needed, what recurs on a running resource ends.
void stop_actions(Resource& rsc) {
  for (Action* action : rsc.actions) {
    if (action->task == "stop") {
      action->optional = false;
    } else if (action->task == "start") {
      block(*action, "it gets no node");
    } else if (action->interval.count() > 0) {
      const auto expected = action->meta.find("op_target_rc");
      if (expected == action->meta.end() || expected->second != "7") block(*action, "it gets no node");
    }
  }
}

}  // namespace

bool finalize(Assigner& to, Resource& primitive, Node* node, bool force) {
  if (!force && node != nullptr && !will_do(primitive, *node)) {
    set_next_role(primitive, Role::stopped, "node availability");
    node = nullptr;
  }
  unassign(to.set, primitive);
  primitive.provisional = false;
  if (node == nullptr) {
    set_next_role(primitive, Role::stopped, "unable to assign");
    stop_actions(primitive);
    return false;
  }
  const auto* entry = primitive.allowed.find(*node);
  primitive.assigned_to = node;
  primitive.assigned_score = force || entry == nullptr ? node->score : entry->score;
  node->assigned_resources.push_back(&primitive);
  ++node->assigned;
  take_capacity(*node, primitive);
  log_utilization(to, primitive, *node);
  return true;
}

bool assign_to(WorkingSet& set, Resource& rsc, Node* node, bool force) {
  AssignmentLog unwanted;
  unwanted.wanted = false;
  Assigner to{set, unwanted};
  if (rsc.children.empty()) return finalize(to, rsc, node, force);
  bool all = true;
  for (Resource* part : rsc.children) all = assign_to(set, *part, node, force) && all;
  return all;
}

void unassign(WorkingSet&, Resource& rsc) {
  Node* old = rsc.assigned_to;
  if (old == nullptr) return;
  rsc.provisional = true;
  rsc.assigned_to = nullptr;
  auto& list = old->assigned_resources;
  // Mostly the last one: a try that is undone.
  const auto at = std::find(list.rbegin(), list.rend(), &rsc);
  if (at != list.rend()) list.erase(std::next(at).base());
  --old->assigned;
  give_capacity(*old, rsc);
}

}  // namespace relevo::policy
