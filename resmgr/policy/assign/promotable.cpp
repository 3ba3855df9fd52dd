// Which instances of a promotable clone are promoted: their priorities, their order, and the choice.
#include <algorithm>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/assign/list_sort.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

void started_is_unpromoted(Resource& rsc) {
  if (rsc.role == Role::started) rsc.role = Role::unpromoted;
  for (Resource* part : rsc.children) started_is_unpromoted(*part);
}

void leave_unpromoted(Resource& rsc) {
  std::vector<Node*> nodes;
  static_cast<void>(location_of(rsc, &nodes, false));
  if (nodes.empty()) set_next_role(rsc, Role::stopped, "stopped instance");
  else set_next_role(rsc, Role::unpromoted, "unpromoted instance");
  for (Resource* part : rsc.children) leave_unpromoted(*part);
}

void promote(Resource& rsc) {
  if (rsc.next_role == Role::unknown) set_next_role(rsc, Role::promoted, "promoted instance");
  for (Resource* part : rsc.children) promote(*part);
}

void apply_promoted_locations(WorkingSet& set, Resource& instance, const std::vector<Location*>& locations, const Node& node) {
  for (const Location* location : locations) {
    if (location->role != Role::promoted) continue;
    const auto at = std::find_if(location->scores.begin(), location->scores.end(), [&](const auto& pair) { return pair.first == &node; });
    if (at != location->scores.end()) add_to_promotion_priority(set, instance, at->second, location->cause, location->id);
  }
}

void set_base_priority(WorkingSet& set, Resource& instance, const Node& node, Role next) {
  if (next == Role::started || next == Role::unknown) {
    // Without a score, a location constraint can still lead to promotion; without both, nothing does.
    set_promotion_priority(set, instance, promotion_score(set, instance, node).value_or(-1), Cause::promotion, node.name);
  } else if (next != Role::promoted) {
    set_promotion_priority(set, instance, -Score::infinity, Cause::next_role, name(next));
  } else {
    set.note_score(instance.promotion_because, Score(instance.priority), true, Cause::next_role, name(next));
  }
}

void set_priority(Assigner& to, Resource& instance, const Resource& clone) {
  if (role_of(instance, true) == Role::started) started_is_unpromoted(instance);
  const Node* node = location_of(instance, nullptr, false);
  if (node == nullptr) {  // only what is active can be promoted
    to.set.note_score(instance.promotion_because, Score(instance.sort_index), true, Cause::no_node, {});
    return;
  }
  const Role next = role_of(instance, false);
  set_base_priority(to.set, instance, *node, next);
  apply_promoted_locations(to.set, instance, instance.locations, *node);
  apply_promoted_locations(to.set, instance, clone.locations, *node);
  const auto this_with = instance.this_with;
  for (const Colocation* colocation : this_with) apply_to_dependent(to, instance, *colocation->primary, *colocation);
  instance.sort_index = instance.priority;
  if (next != Role::promoted) return;
  instance.sort_index = Score::infinity;
  to.set.note_score(instance.promotion_because, Score(Score::infinity), true, Cause::next_role, name(next));
}

void add_index_to_node(WorkingSet& set, Resource& clone, const Resource& instance) {
  const Node* node = location_of(instance, nullptr, false);
  if (instance.sort_index < 0 || node == nullptr) return;
  set.add_score(clone.allowed, *node, Score(instance.sort_index), Cause::promotion, instance.id);
}

void set_index_from_node(WorkingSet& set, const Resource& clone, Resource& instance) {
  if (!instance.managed && instance.next_role == Role::promoted) {
    instance.sort_index = Score::infinity;
    set.note_score(instance.promotion_because, Score(Score::infinity), true, Cause::unmanaged, {});
    return;
  }
  const Node* node = location_of(instance, nullptr, false);
  if (node == nullptr || instance.sort_index < 0) return;
  const auto* entry = clone.allowed.find(*node);
  if (entry == nullptr) return;
  instance.sort_index = entry->score.value;
  instance.promotion_because = entry->because;  // the clone's score there holds the instance's own
}

void merge_role_colocations(WorkingSet& set, Resource& clone) {
  for (const Colocation* colocation : clone.this_with) {
    if (colocation->dependent_role != Role::promoted) continue;
    const Merge how{.only_if_left = colocation->score < Score::infinity};
    merge_colocated(set, *colocation->primary, clone.allowed, colocation->attribute, factor_of(*colocation), how, colocation->id);
  }
  for (const Colocation* colocation : clone.with_this) {
    if (colocation->primary_role != Role::promoted || !has_influence(*colocation)) continue;
    merge_colocated(set, *colocation->dependent, clone.allowed, colocation->attribute, factor_of(*colocation),
                    Merge{.nonnegative = true, .only_if_left = true}, colocation->id);
  }
}

void require_tickets(WorkingSet& set, Resource& clone) {
  for (const TicketConstraint* constraint : clone.tickets) {
    const bool held = constraint->ticket->granted && !constraint->ticket->standby;
    if (constraint->role != Role::promoted || held) continue;
    add_location_score(set, clone, nullptr, Score(-Score::infinity), Cause::ticket, constraint->ticket->id);
  }
}

int compare(WorkingSet& set, Resource& a, Resource& b) {
  if (a.sort_index != b.sort_index) return a.sort_index > b.sort_index ? -1 : 1;
  const Role role_a = role_of(a, true);
  const Role role_b = role_of(b, true);
  if (role_a != role_b) return role_a > role_b ? -1 : 1;
  return compare_instances(set, a, b);
}

void sort_for_promotion(WorkingSet& set, Resource& clone) {
  if (clone.promotion_sorted) return;
  clone.promotion_sorted = true;
  clone.merging = true;
  for (const Resource* instance : clone.children) add_index_to_node(set, clone, *instance);
  merge_role_colocations(set, clone);
  require_tickets(set, clone);
  for (Resource* instance : clone.children) set_index_from_node(set, clone, *instance);
  list_sort(clone.children, [&](Resource* a, Resource* b) { return compare(set, *a, *b); });
  clone.merging = false;
}

// The clone's place for that node, if the instance can be promoted there.
NodeEntry* promotion_place(const WorkingSet& set, Resource& rsc, Resource& clone) {
  for (Resource* part : rsc.children) {
    if (promotion_place(set, *part, clone) == nullptr) return nullptr;
  }
  const Node* node = location_of(rsc, nullptr, false);
  if (node == nullptr) return nullptr;
  if (!rsc.managed) {
    if (role_of(rsc, true) != Role::promoted) return nullptr;
  } else if (rsc.priority < 0 || !can_run(set, rsc, *node, false, true)) {
    return nullptr;
  }
  auto* entry = clone.allowed.find(*node);
  if (entry == nullptr) return nullptr;
  return rsc.managed && entry->count >= clone.clone.promoted_node_max ? nullptr : entry;
}

bool must_wait_for_quorum(const WorkingSet& set, const Resource& instance) {
  return instance.role < Role::promoted && !set.options.have_quorum && set.options.no_quorum_policy == QuorumPolicy::freeze;
}

bool choose(Assigner& to, Resource& instance, Resource& clone, int promoted) {
  log_promotion_score(to, instance);
  NodeEntry* place = nullptr;
  const bool more = promoted < clone.clone.promoted_max || !clone.managed;
  if (instance.sort_index >= 0 && more) place = promotion_place(to.set, instance, clone);
  if (place != nullptr && must_wait_for_quorum(to.set, instance)) {
    to.set.say(Notice::Level::notice, "Clone instance " + instance.id + " cannot be promoted without quorum");
    place = nullptr;
  }
  if (place == nullptr) {
    leave_unpromoted(instance);
    return false;
  }
  ++place->count;
  promote(instance);
  return true;
}

}  // namespace

void choose_promoted(Assigner& to, Resource& clone) {
  for (const Node* node : to.set.nodes) {
    if (auto* entry = clone.allowed.find(*node)) entry->count = 0;
  }
  for (Resource* instance : clone.children) set_priority(to, *instance, clone);
  sort_for_promotion(to.set, clone);
  int promoted = 0;
  for (Resource* instance : clone.children) {
    if (choose(to, *instance, clone, promoted)) ++promoted;
  }
  clone.clone.promoted_so_far = promoted;
}

}  // namespace relevo::policy
