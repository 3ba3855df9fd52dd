// What waits for probes beyond the start of the probed resource itself: restarts and stops that would follow from it.
// Runs when orderings have become dependencies of actions.
#include <vector>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// Follows what the actions after a probe force to happen, and puts the probe before the stops of restarts on that way.
class RestartWalk {
 public:
  RestartWalk(const WorkingSet& set, Action& probe) : set_(set), probe_(probe) {}
  RestartWalk(const RestartWalk&) = delete;
  RestartWalk& operator=(const RestartWalk&) = delete;
  ~RestartWalk() {
    for (Action* action : visited_) action->tracking = false;
  }

  void from(Action& begin) {
    visit(begin);
    while (!pending_.empty()) {
      Action* next = pending_.back();
      pending_.pop_back();
      visit(*next);
    }
  }

 private:
  void visit(Action& after) {
    if (after.tracking) return;  // orderings may go in circles
    after.tracking = true;
    visited_.push_back(&after);
    if (after.rsc != nullptr && after.rsc->is(Variant::primitive) && after.rsc != probe_.rsc) order_restart(after);
    const Resource* instance = instance_of_probe(after);
    for (const Dependency& next : after.after) {
      if ((next.type & order::implies_then) != 0 || is_own_part(after, *next.action, instance)) pending_.push_back(next.action);
    }
  }

  void order_restart(Action& after) {
    std::string_view down;
    if (after.task == "start") down = "stop";
    if (after.task == "promote") down = "demote";
    if (down.empty()) return;
    for (Action* then : task_actions(*after.rsc, nullptr, down, false)) {
      if (!then->pseudo) order_actions(probe_, *then, order::optional);
    }
  }

  static bool is_interleaved(const Resource* rsc) {
    return rsc != nullptr && rsc->variant > Variant::group && bool_of(rsc->meta, "interleave", false);
  }

  const Resource* instance_of_probe(const Action& after) const {
    if (!is_interleaved(after.rsc)) return nullptr;
    return compatible_instance(set_, *probe_.rsc, *after.rsc, Role::unknown, false);
  }

  /// From a collection's action to that of its part: all parts, or the one that goes with the probed resource.
  bool is_own_part(const Action& after, const Action& next, const Resource* instance) const {
    if (after.rsc == nullptr || after.rsc->is(Variant::primitive) || probe_.rsc->parent == after.rsc) return false;
    if (next.rsc == nullptr || next.rsc->variant > Variant::group || next.rsc->parent != after.rsc) return false;
    return !is_interleaved(after.rsc) || instance == next.rsc;
  }

  const WorkingSet& set_;
  Action& probe_;
  std::vector<Action*> visited_, pending_;
};

void order_restarts(WorkingSet& set, Resource& rsc) {
  if (!rsc.is(Variant::primitive)) {
    for (Resource* child : rsc.children) order_restarts(set, *child);
    return;
  }
  for (Action* probe : task_actions(rsc, nullptr, "monitor", false)) {
    const std::vector<Dependency> followers = probe->after;
    for (auto at = followers.rbegin(); at != followers.rend(); ++at) RestartWalk(set, *probe).from(*at->action);
  }
}

bool is_stop(const Action* action, const std::string& key) { return action != nullptr ? action->task == "stop" : key.ends_with("_stop_0"); }

/// Probes follow an unfencing of their node, and come before its shutdown only.
bool comes_before(const Action& probe, const Action& then) {
  const bool same_node = probe.node != nullptr && probe.node == then.node;
  if (then.task == "stonith" && same_node) {
    const auto* operation = find(then.meta, "stonith_action");
    return operation == nullptr || *operation != "on";
  }
  return then.task != "do_shutdown" || probe.node == nullptr || then.node == nullptr || same_node;
}

/// `first` is the stop of a resource, and `then` is for another; a stop in a container need not be probed before the
/// container's, which may be started again.
bool speaks_of_stop(const Ordering& ordering) {
  if (ordering.flags == order::none || ordering.first_rsc == nullptr || ordering.first_rsc == ordering.then_rsc) return false;
  if (ordering.first == nullptr && ordering.first_task.empty()) return false;
  if (ordering.then == nullptr && ordering.then_task.empty()) return false;
  if (!is_stop(ordering.first, ordering.first_task)) return false;
  return ordering.then_rsc == nullptr || ordering.first_rsc->container != ordering.then_rsc ||
         !is_stop(ordering.then, ordering.then_task);
}

std::uint32_t flags_before_stop(const Ordering& ordering) {
  if (ordering.flags == order::load || ordering.flags == order::anti_colocation) return ordering.flags;
  return order::optional | (ordering.flags & (order::apply_first_non_migratable | order::same_node));
}

/// What comes after a stop comes after the probe that may find that there is something to stop.
void order_like_stop(const Ordering& ordering) {
  const auto probes = task_actions(*ordering.first_rsc, nullptr, "monitor", false);
  if (probes.empty()) return;
  std::vector<Action*> followers;
  if (ordering.then != nullptr) {
    followers.push_back(ordering.then);
  } else if (ordering.then_rsc != nullptr) {
    followers = find_actions(*ordering.then_rsc, ordering.then_task, nullptr);
  }
  const std::uint32_t flags = flags_before_stop(ordering);
  for (Action* probe : probes) {
    for (Action* then : followers) {
      if (comes_before(*probe, *then)) order_actions(*probe, *then, flags);
    }
  }
}

bool has_restarts(const WorkingSet& set) {
  for (const Action* action : set.actions) {
    if (action->rsc != nullptr && !action->pseudo && (action->task == "stop" || action->task == "demote")) return true;
  }
  return false;
}

}  // namespace

void order_probes(WorkingSet& set) {
  if (has_restarts(set)) {
    for (Resource* rsc : set.resources) order_restarts(set, *rsc);
  }
  for (const Ordering& ordering : set.orderings) {
    if (speaks_of_stop(ordering)) order_like_stop(ordering);
  }
}

}  // namespace relevo::policy
