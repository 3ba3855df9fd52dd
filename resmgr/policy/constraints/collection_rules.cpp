// Dependencies whose ends belong to groups, clones and bundles: what holds for the collection holds for its parts, and of
// interleaved ones the instances on the same node depend on each other. See fixed_point.hpp.
#include <optional>
#include <vector>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/constraints/fixed_point.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// The instances of a clone, the containers of a bundle.
std::vector<Resource*> instances_of(const Resource& rsc) {
  if (!rsc.is(Variant::bundle) || !rsc.bundle) return rsc.children;
  std::vector<Resource*> containers;
  for (const auto& replica : rsc.bundle->replica) {
    if (replica.container != nullptr) containers.push_back(replica.container);
  }
  return containers;
}

const Replica* replica_with(const Resource& rsc, const Resource& container) {
  if (!rsc.is(Variant::bundle) || !rsc.bundle) return nullptr;
  for (const auto& replica : rsc.bundle->replica) {
    if (replica.container == &container) return &replica;
  }
  return nullptr;
}

bool is_collection_of_instances(const Action& action) {
  return action.rsc != nullptr && (action.rsc->is(Variant::clone) || action.rsc->is(Variant::bundle));
}

/// Whose `interleave` decides: of the one whose instances wait.
bool are_interleaved(const Action& first, const Action& then) {
  if (!is_collection_of_instances(first) || !is_collection_of_instances(then) || first.rsc == then.rsc) return false;
  const bool going_down = then.key.ends_with("_stop_0") || then.key.ends_with("_demote_0");
  return bool_of(going_down ? first.rsc->meta : then.rsc->meta, "interleave", false);
}

/// The task of an instance that an action of its collection is about.
std::string_view instance_task(const Action& action) {
  std::string_view task = action.task;
  if (task == "notify" || task == "notified") {
    // RSC_TYPE_notify_TASK_0: it is about TASK
    const std::string_view key = action.key;
    const auto end = key.rfind('_');
    const auto begin = end == 0 || end == std::string_view::npos ? std::string_view::npos : key.rfind('_', end - 1);
    if (begin != std::string_view::npos) task = key.substr(begin + 1, end - begin - 1);
  }
  const auto& parts = action.rsc->children;
  const bool of_primitives = action.rsc->is(Variant::bundle) || parts.empty() || parts.front()->is(Variant::primitive);
  return of_primitives ? task_completed_by(task) : task;
}

bool is_blocked(const Resource& rsc) {
  if (rsc.blocked) return true;
  for (const Resource* child : rsc.children) {
    if (is_blocked(*child)) return true;
  }
  return false;
}

/// Which instance of a collection goes with another resource: the first on the same node. Knows all its instances' nodes
/// from the start, for it is asked by every instance of the other collection.
class Partners {
 public:
  Partners(const WorkingSet& set, const Resource& collection, bool current)
      : set_(set), collection_(collection), current_(current), at_(set.all_nodes.size()) {
    for (Resource* instance : instances_of(collection)) {
      const Node* node = is_blocked(*instance) ? nullptr : location_of(*instance, nullptr, current);
      if (node == nullptr || at_[node->index] != nullptr) continue;
      at_[node->index] = instance;
      any_ = true;
    }
  }
  [[nodiscard]] Resource* of(const Resource& match) const {
    if (!any_) return nullptr;
    if (const Node* node = location_of(match, nullptr, current_)) return at_[node->index];
    return compatible_instance(set_, match, collection_, Role::unknown, current_);
  }

 private:
  const WorkingSet& set_;
  const Resource& collection_;
  bool current_, any_ = false;
  std::vector<Resource*> at_;
};

}  // namespace

Changed FixedPoint::apply_rule(const Resource& by, Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit) {
  switch (by.variant) {
    case Variant::group:
      return apply_to_group(first, then, node, before, bit);
    case Variant::clone:
    case Variant::bundle:
      return apply_to_instances(first, then, node, before, bit);
    case Variant::primitive:
      break;
  }
  return apply_to_task(first, then, before, bit);
}

Changed FixedPoint::apply_to_group(Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit) {
  Changed changed = apply_to_task(first, then, before, bit);
  if (then.rsc == nullptr) return changed;
  for (Resource* member : then.rsc->children) {
    Action* action = find_first_action(*member, {}, then.task, node);
    if (action != nullptr && action != &first) changed |= apply_rule(*member, first, *action, node, before, bit);
  }
  return changed;
}

Changed FixedPoint::apply_to_instances(Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit) {
  if (are_interleaved(first, then)) return interleave(first, then, node, bit);
  Changed changed;
  if (then.rsc == nullptr) return changed;
  changed |= apply_to_task(first, then, before, bit);
  for (Resource* instance : instances_of(*then.rsc)) {
    Action* action = find_first_action(*instance, {}, then.task, node);
    if (action == nullptr || !standing(*action, node).runnable) continue;
    const Changed here = apply_rule(*instance, first, *action, node, before, bit);
    changed |= here;
    if (here.then) visit_dependents(*action);
  }
  return changed;
}

bool FixedPoint::keep_down(Resource& instance) {
  if (instance.children.empty()) {
    const bool had_node = instance.assigned_to != nullptr;
    (void)assign_to(set_, instance, nullptr, true);
    ++moves_;
    return had_node;
  }
  bool changed = false;
  for (Resource* child : instance.children) changed = keep_down(*child) || changed;
  return changed;
}

Changed FixedPoint::interleave(Action& first, Action& then, Node* node, std::uint32_t bit) {
  const bool current = first.key.ends_with("_stopped_0") || first.key.ends_with("_demoted_0");
  std::optional<Partners> partners;
  int known_moves = moves_;
  Changed changed;
  for (Resource* then_child : instances_of(*then.rsc)) {
    if (!partners || known_moves != moves_) partners.emplace(set_, *first.rsc, current);
    known_moves = moves_;
    Resource* first_child = partners->of(*then_child);
    if (first_child != nullptr) {
      changed |= interleave_pair(first, then, *first_child, *then_child, node, bit);
    } else if (!current && (bit == order::runnable_left || bit == order::implies_then)) {
      // Nobody is or will be there whom this instance could wait for, so it must not be active
      changed.then = keep_down(*then_child) || changed.then;
    }
  }
  return changed;
}

Changed FixedPoint::interleave_pair(Action& first, Action& then, Resource& first_child, Resource& then_child, Node* node, std::uint32_t bit) {
  const auto first_task = instance_task(first);
  // What happens inside a container tells more about the user's intent than what happens to the container
  const Replica* first_replica = replica_with(*first.rsc, first_child);
  const Replica* then_replica = replica_with(*then.rsc, then_child);
  const bool first_inside = first_replica != nullptr && first_replica->child != nullptr && first.task.find("stop") != std::string::npos;
  const bool then_inside = then_replica != nullptr && then_replica->child != nullptr && then.task.find("mote") != std::string::npos;
  Resource& before = first_inside ? *first_replica->child : first_child;
  Resource& after = then_inside ? *then_replica->child : then_child;
  Action* first_action = find_first_action(before, {}, first_task, node);
  Action* then_action = find_first_action(after, {}, then.task, node);
  if (first_action == nullptr || then_action == nullptr || first_action == then_action) return {};

  Changed changed;
  if (order_actions(*first_action, *then_action, bit)) changed = {true, true};
  changed |= apply_rule(then_child, *first_action, *then_action, node, standing(*first_action, node), bit);
  return changed;
}

}  // namespace relevo::policy
