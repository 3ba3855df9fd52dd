// What a fencing action means for the resources: starts that wait for it, stops and demotes that it implies.
#include <algorithm>

#include "resmgr/policy/actions/node_actions.hpp"
#include "resmgr/policy/actions/notifications.hpp"

namespace relevo::policy {
namespace {

bool is_inside_bundle(const Resource& rsc) {
  for (const Resource* parent = rsc.parent; parent != nullptr; parent = parent->parent) {
    if (parent->is(Variant::bundle)) return true;
  }
  return false;
}

bool knows(const Resource& rsc, const Node& node) {
  return std::find(rsc.known_on.begin(), rsc.known_on.end(), &node) != rsc.known_on.end();
}

/// Only the parent is asked: a cloned group may be known in parts.
bool is_known_on(const Resource& rsc, const Node& node) {
  if (knows(rsc, node)) return true;
  const Resource* parent = rsc.parent;
  return parent != nullptr && parent->is(Variant::clone) && !parent->unique && knows(*parent, node);
}

void order_starts(const Resource& rsc, Action& fencing) {
  const Node& target = *fencing.node;
  for (Action* action : rsc.actions) {
    if (action->needs == Needs::fencing) {
      order_actions(fencing, *action, order::optional);
    } else if (action->needs == Needs::quorum && action->task == "start" && rsc.allowed.find(target) != nullptr &&
               !is_known_on(rsc, target)) {
      // It may be active there for all that is known: as with a probe, the answer comes first
      order_actions(fencing, *action, order::optional | order::runnable_left);
    }
  }
}

void imply_stops(WorkingSet& set, Resource& rsc, Action& fencing, bool after_fencing) {
  const auto stops = task_actions(rsc, fencing.node, "stop", false);
  if (stops.empty()) return;
  Action* top_stop = after_fencing ? find_first_action(rsc.top_inside(), {}, "stop", nullptr) : nullptr;
  for (Action* stop : stops) {
    stop->pseudo = true;
    stop->runnable = true;
    if (after_fencing) {
      stop->implied_by_fencing = true;
      // Inside a bundle the order of the parent's stop is enough, both would be a loop
      if (!is_inside_bundle(rsc)) order_actions(fencing, *stop, order::preserve);
      if (top_stop != nullptr) order_actions(fencing, *top_stop, order::preserve);
    }
    if (rsc.notify) notify_after_fencing(set, rsc, *stop, fencing);
  }
}

void imply_demotes(const Resource& rsc, Action& fencing, bool after_fencing) {
  for (Action* demote : task_actions(rsc, fencing.node, "demote", false)) {
    const Node& node = *demote->node;
    if (node.online && !node.unclean && !rsc.failed) continue;
    demote->pseudo = true;
    demote->runnable = true;
    if (after_fencing && !is_inside_bundle(rsc)) order_actions(fencing, *demote, order::preserve | order::optional);
  }
}

void order_resource(WorkingSet& set, Resource& rsc, Action& fencing) {
  for (Resource* child : rsc.children) order_resource(set, *child, fencing);
  if (!rsc.children.empty() || !rsc.managed) return;
  order_starts(rsc, fencing);
  // What runs on a guest is down only when its container is, whatever it requires
  const bool after_fencing = rsc.needs_fencing || fencing.node->is_guest();
  imply_stops(set, rsc, fencing, after_fencing);
  imply_demotes(rsc, fencing, after_fencing);
}

}  // namespace

void order_around_fencing(WorkingSet& set, Action& fencing) {
  if (fencing.node == nullptr) return;
  for (Resource* rsc : set.resources) order_resource(set, *rsc, fencing);
}

}  // namespace relevo::policy
