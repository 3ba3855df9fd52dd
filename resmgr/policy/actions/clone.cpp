// Clones: their instances' actions, the pseudo actions around these, and probes. Notifications are in
// notifications.cpp.
#include <algorithm>

#include "resmgr/policy/actions/collections.hpp"
#include "resmgr/policy/actions/notifications.hpp"
#include "resmgr/policy/assign/assign.hpp"

namespace relevo::policy {
namespace {

/// What the instances of a collection are about to do.
struct Activity {
  bool active = false, starting = false, stopping = false;
};

/// Adds what the actions of `rsc` and of all below it say. `starting` and `stopping` end the search when both are
/// known.
void add_activity(const Resource& rsc, Activity& activity) {
  for (const Resource* child : rsc.children) add_activity(*child, activity);
  if (!rsc.children.empty()) return;
  if (!rsc.running_on.empty()) activity.active = true;
  for (const Action* action : rsc.actions) {
    if (activity.starting && activity.stopping) return;
    if (action->optional || (!action->pseudo && !action->runnable)) continue;
    if (action->task == "stop") activity.stopping = true;
    if (action->task == "start" && action->runnable) activity.starting = true;
  }
}

/// The instance's operation, if it is required by now; the stop of a restart may become so only later.
Action* required_action(const Resource& instance, std::string_view task) {
  Action* action = find_first_action(instance, op_key(instance.id, task), {}, nullptr);
  return action == nullptr || action->optional ? nullptr : action;
}

/// One instance after the other, where the clone is ordered. The orderings of its constraints bind neighbours; between
/// those that change there may be some that do not.
void order_instances(Resource& clone) {
  if (!clone.clone.ordered) return;
  sort_instances(clone.children);
  Action* last_start = nullptr;
  Action* last_stop = nullptr;
  for (const Resource* instance : clone.children) {
    if (Action* stop = required_action(*instance, "stop"); stop != nullptr) {
      if (last_stop != nullptr) order_actions(*stop, *last_stop, order::optional);
      last_stop = stop;
    }
    if (Action* start = required_action(*instance, "start"); start != nullptr && start->runnable) {
      if (last_start != nullptr) order_actions(*last_start, *start, order::optional);
      last_start = start;
    }
  }
}

bool is_known_on(const Resource& rsc, const Node& node) {
  if (!rsc.children.empty()) {
    return std::any_of(rsc.children.begin(), rsc.children.end(),
                       [&](const Resource* child) { return is_known_on(*child, node); });
  }
  return std::find(rsc.known_on.begin(), rsc.known_on.end(), &node) != rsc.known_on.end();
}

/// One instance is enough to learn whether an anonymous clone is active there: the one of which something is known
/// there already (of a group perhaps not all), else the one that shall be there.
bool probe_anonymous(WorkingSet& set, Resource& clone, Node& node) {
  for (Resource* instance : clone.children) {
    if (is_known_on(*instance, node)) return probe(set, *instance, node);
  }
  for (Resource* instance : clone.children) {
    if (location_of(*instance, nullptr, false) == &node) return probe(set, *instance, node);
  }
  return probe(set, *clone.children.front(), node);
}

}  // namespace

Action& collection_action(WorkingSet& set, Resource& collection, std::string_view task, bool optional, bool runnable) {
  Action& action = custom_action(set, &collection, op_key(collection.id, task), task, nullptr, optional);
  action.pseudo = true;
  if (runnable) {
    action.runnable = true;
    action.why_not.clear();
  }
  return action;
}

void create_instance_summaries(WorkingSet& set, Resource& collection, std::span<Resource* const> instances) {
  Activity all;
  bool migrations_count = true;  // whether what depends on the collection may migrate along
  for (const Resource* instance : instances) {
    Activity one;
    add_activity(*instance, one);
    if (one.starting && one.stopping) migrations_count = false;
    all.active = all.active || one.active;
    all.starting = all.starting || one.starting;
    all.stopping = all.stopping || one.stopping;
  }
  Action& start = collection_action(set, collection, "start", !all.starting, true);
  Action& started = collection_action(set, collection, "running", !all.starting, all.active || all.starting);
  started.priority = Score::infinity;
  const bool is_clone = collection.is(Variant::clone);
  if (is_clone) collection.clone.notify_start = notify_points(set, collection, "start", &start, &started);

  Action& stop = collection_action(set, collection, "stop", !all.stopping, true);
  Action& stopped = collection_action(set, collection, "stopped", !all.stopping, true);
  stopped.priority = Score::infinity;
  if (migrations_count) stop.migrate_runnable = true;
  if (is_clone) {
    collection.clone.notify_stop = notify_points(set, collection, "stop", &stop, &stopped);
    order_points(collection.clone.notify_stop, collection.clone.notify_start);
  }
}

void create_clone_actions(WorkingSet& set, Resource& clone) {
  for (Resource* instance : clone.children) create_actions(set, *instance);
  create_instance_summaries(set, clone, clone.children);
  order_instances(clone);
  if (clone.promotable) create_promotion_summaries(set, clone);
}

bool probe_clone(WorkingSet& set, Resource& clone, Node& node) {
  sort_instances(clone.children);
  if (clone.children.empty()) return false;
  if (clone.exclusive_discovery) {
    const NodeEntry* entry = clone.allowed.find(node);
    if (entry != nullptr && entry->discovery != Discovery::exclusive) {
      // Notifications name only nodes where it could ever run
      clone.allowed.disallow(node);
      return false;
    }
  }
  return clone.unique ? probe_all(set, clone.children, node) : probe_anonymous(set, clone, node);
}

}  // namespace relevo::policy
