// How many instances go to which node: those that run stay where they are as long as that is fair, the others fill up.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

// Limits of one distribution.
struct Limits {
  int max = 0, per_node = 0, optimal = 1;
  bool all_wishes = false;  ///< fewer instances than nodes: every wish of what depends on the clone counts
};

// The colocations of the clone become the instance's own, each time that a node is looked for.
void inherit_colocations(const Resource& collection, Resource& instance, bool all) {
  for (Colocation* colocation : collection.this_with) {
    const bool counts = all || colocation->score < 0 || colocation->score >= Score::infinity;
    if (counts) add_this_with(instance, *colocation);
  }
  for (Colocation* colocation : collection.with_this) {
    const bool counts = has_influence(*colocation, &instance) && (all || colocation->score < 0);
    if (counts) add_with_this(instance, *colocation);
  }
}

// Bans the instance from nodes that are of no use, that the clone itself must not use, or that are full.
void ban_hopeless(WorkingSet& set, Resource& instance, int per_node) {
  const Score ban(-Score::infinity);
  for (const Node* node : set.nodes) {
    if (instance.allowed.find(*node) == nullptr) continue;
    const auto* above = parent_entry(instance, *node);
    if (!is_available(*node)) add_known_score(set, instance, *node, ban, Cause::unavailable);
    else if (instance.removed || above == nullptr) add_known_score(set, instance, *node, ban, Cause::orphan);
    else if (above->score.value < 0) add_known_score(set, instance, *node, ban, Cause::instance);
    else if (above->count >= per_node) add_known_score(set, instance, *node, ban, Cause::clone_limit);
  }
}

Node* place(Assigner& to, Resource& instance, Node* prefer, const Limits& limits) {
  if (!instance.provisional) return location_of(instance, nullptr, false);
  if (instance.assigning) return nullptr;
  inherit_colocations(*instance.parent, instance, limits.all_wishes);
  if (prefer != nullptr) {
    const auto* entry = instance.allowed.find(*prefer);
    if (entry == nullptr || entry->score.value < 0) return nullptr;
  }
  ban_hopeless(to.set, instance, limits.per_node);
  NodeTable before = instance.allowed;
  Node* chosen = assign_any(to, instance, prefer);
  if (chosen != nullptr && prefer != nullptr && chosen != prefer) {
    instance.allowed = std::move(before);
    unassign(to.set, instance);
    return nullptr;
  }
  if (chosen != nullptr) {
    if (auto* entry = parent_entry(instance, *chosen)) ++entry->count;
  }
  return chosen;
}

// Only a healthy instance on a usable node that has not got its share yet.
bool may_stay(Resource& instance, const Limits& limits) {
  if (instance.running_on.empty() || !instance.provisional || instance.failed) return false;
  const Node* node = active_node(instance);
  if (!is_available(*node) || node->score.value < 0) return false;
  const auto* entry = parent_entry(instance, *node);
  return entry == nullptr || entry->count < limits.optimal;
}

Limits limits_for(WorkingSet& set, Resource& collection, int max, int per_node) {
  int available = 0;
  for (const Node* node : set.nodes) {
    auto* entry = collection.allowed.find(*node);
    if (entry == nullptr) continue;
    entry->count = 0;
    if (is_available(*node)) ++available;  // even where the collection itself must not go
  }
  Limits limits{.max = max, .per_node = per_node};
  if (available > 0 && max / available > 1) limits.optimal = max / available;
  limits.all_wishes = max < available;
  return limits;
}

}  // namespace

void distribute(Assigner& to, Resource& collection, const std::vector<Resource*>& instances, int max, int per_node) {
  const Limits limits = limits_for(to.set, collection, max, per_node);
  int placed = 0;
  for (Resource* instance : instances) {
    if (placed >= limits.max) break;
    if (may_stay(*instance, limits) && place(to, *instance, active_node(*instance), limits) != nullptr) ++placed;
  }
  for (Resource* instance : instances) {
    if (!instance->provisional) continue;
    if (placed >= limits.max) {
      add_location_score(to.set, *instance, nullptr, Score(-Score::infinity), Cause::clone_limit);
    } else if (place(to, *instance, nullptr, limits) != nullptr) {
      ++placed;
    }
  }
}

}  // namespace relevo::policy
