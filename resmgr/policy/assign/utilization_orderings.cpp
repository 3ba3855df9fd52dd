// What frees capacity on a node comes before what needs it there. Which resource goes where is decided in utilization.cpp.
#include "resmgr/policy/assign/utilization.hpp"

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

Action& load_stopped(WorkingSet& set, Node& node) {
  const std::string name = "load_stopped_" + node.name;
  Action& action = pseudo_action(set, nullptr, name, name, true);
  if (action.node == nullptr) {
    action.node = &node;
    action.optional = false;
  }
  return action;
}

}  // namespace

void add_utilization_orderings(WorkingSet& set, Resource& rsc) {
  if (set.options.placement == Placement::standard || rsc.utilization.empty()) return;
  for (Node* node : rsc.running_on) {
    new_ordering(set, &rsc, op_key(rsc.id, "stop"), nullptr, nullptr, {}, &load_stopped(set, *node), order::load);
  }
  for (Node* node : set.nodes) {
    if (rsc.allowed.find(*node) == nullptr) continue;
    Action& action = load_stopped(set, *node);
    new_ordering(set, nullptr, {}, &action, &rsc, op_key(rsc.id, "start"), nullptr, order::load);
    new_ordering(set, nullptr, {}, &action, &rsc, op_key(rsc.id, "migrate_to"), nullptr, order::load);
  }
}

}  // namespace relevo::policy
