// Colocations with one role of a promotable clone. Who gets that role is decided in promotable.cpp.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

void add_where_equal(WorkingSet& set, Resource& dependent, const Node& primary_node, const Colocation& colocation) {
  if (colocation.score >= Score::infinity) return;  // all other nodes are forbidden below
  for (const Node* node : set.nodes) {
    if (dependent.allowed.find(*node) == nullptr || !same_value(*node, primary_node, colocation.attribute)) continue;
    set.add_score(dependent.allowed, *node, Score(colocation.score), Cause::colocation, colocation.id);
  }
}

}  // namespace

void apply_from_promotable(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation) {
  std::vector<const Resource*> where;
  for (const Resource* instance : clone.children) {
    const Node* node = location_of(*instance, nullptr, false);
    if (node == nullptr || role_of(*instance, false) != colocation.primary_role) continue;
    add_where_equal(to.set, dependent, *node, colocation);
    where.push_back(instance);
  }
  // Promoted with promoted says nothing about where instances may run unpromoted.
  const bool roles_only = colocation.dependent_role == Role::promoted && colocation.primary_role == Role::promoted;
  if (colocation.score >= Score::infinity && !roles_only) keep_only(to.set, dependent.allowed, where, true, colocation.id);
}

void apply_promotion_priority(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation) {
  if (compatible_instance(to.set, dependent, clone, colocation.primary_role, false) != nullptr) {
    add_to_promotion_priority(to.set, dependent, Score(colocation.score), Cause::colocation, colocation.id);
  } else if (colocation.score >= Score::infinity) {
    set_promotion_priority(to.set, dependent, -Score::infinity, Cause::colocation, colocation.id);
  }
}

}  // namespace relevo::policy
