// Colocations with a clone or a bundle: which of its instances count, and which one goes with which.
#include <algorithm>
#include <charconv>
#include <system_error>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

// Of a clone as configured, whatever its agent allows.
int copies_per_node(const Resource& rsc) {
  if (rsc.is(Variant::clone)) {
    const auto* text = find(rsc.meta, "clone-node-max");
    int copies = 1;
    if (text != nullptr && std::from_chars(text->data(), text->data() + text->size(), copies).ec != std::errc{}) copies = 0;
    return std::max(copies, 0);
  }
  return rsc.is(Variant::bundle) ? rsc.bundle->replicas_per_host : 1;
}

bool interleaves(Assigner& to, const Colocation& colocation) {
  const Resource& dependent = *colocation.dependent;
  const bool collection = dependent.is(Variant::clone) || dependent.is(Variant::bundle);
  if (!collection || !bool_of(dependent.meta, "interleave", false)) return false;
  if (copies_per_node(dependent) == copies_per_node(*colocation.primary)) return true;
  to.set.say_once(Notice::Level::error, "Cannot interleave " + dependent.id + " and " + colocation.primary->id +
                                            " because they do not support the same number of instances per node");
  return false;
}

bool fits(const Resource& instance, const Node& node, Role role, bool current) {
  if (role != Role::unknown && role_of(instance, current) != role) return false;
  return !any_blocked(instance) && location_of(instance, nullptr, current) == &node;
}

Resource* instance_at(const Resource& collection, const Node& node, Role role, bool current) {
  if (collection.is(Variant::bundle)) {
    for (const auto& replica : collection.bundle->replica) {
      if (replica.container != nullptr && fits(*replica.container, node, role, current)) return replica.container;
    }
    return nullptr;
  }
  for (Resource* instance : collection.children) {
    if (fits(*instance, node, role, current)) return instance;
  }
  return nullptr;
}

void pair_up(Assigner& to, Resource& dependent, Resource& collection, const Colocation& colocation) {
  if (Resource* partner = compatible_instance(to.set, dependent, collection, Role::unknown, false)) {
    apply_to_dependent(to, dependent, *partner, colocation);
  } else if (colocation.score >= Score::infinity) {
    assign_nowhere(to, dependent);
  }
}

// The container counts when it has a node and, for a promoted role, what is inside will be promoted.
bool counts(const Replica& replica, const Colocation& colocation) {
  if (location_of(*replica.container, nullptr, false) == nullptr || any_blocked(*replica.container)) return false;
  if (colocation.primary_role < Role::promoted) return true;
  return replica.child != nullptr && replica.child->next_role >= Role::promoted;
}

}  // namespace

bool any_blocked(const Resource& rsc) {
  return rsc.blocked || std::any_of(rsc.children.begin(), rsc.children.end(), [](const Resource* part) { return any_blocked(*part); });
}

bool any_failed(const Resource& rsc) {
  return rsc.failed || std::any_of(rsc.children.begin(), rsc.children.end(), [](const Resource* part) { return any_failed(*part); });
}

void assign_nowhere(Assigner& to, Resource& rsc) {
  if (rsc.children.empty()) finalize(to, rsc, nullptr, true);
  for (Resource* part : rsc.children) assign_nowhere(to, *part);
}

void keep_only(WorkingSet& set, NodeTable& table, const std::vector<const Resource*>& where, bool merge, std::string_view subject) {
  const auto found = [&](const Node& node) {
    return std::find_if(where.rbegin(), where.rend(), [&](const Resource* rsc) { return location_of(*rsc, nullptr, false) == &node; });
  };
  const auto assigned_score = [](const Resource* rsc) {
    while (!rsc->children.empty()) rsc = rsc->children.front();
    return rsc->assigned_score;
  };
  for (const Node* node : set.nodes) {
    if (table.find(*node) == nullptr) continue;
    const auto at = found(*node);
    if (at == where.rend()) set.set_score(table, *node, Score(-Score::infinity), Cause::colocation, subject);
    else if (merge) set.add_score(table, *node, assigned_score(*at), Cause::colocation, subject);
  }
  for (const Resource* rsc : where) {
    const Node* node = location_of(*rsc, nullptr, false);
    if (node == nullptr || table.find(*node) != nullptr) continue;
    table.allow(*node);
    set.set_score(table, *node, Score(-Score::infinity), Cause::colocation, subject);
  }
}

Resource* compatible_instance(const WorkingSet& set, const Resource& match, const Resource& collection, Role role, bool current) {
  if (const Node* node = location_of(match, nullptr, current)) return instance_at(collection, *node, role, current);
  for (const Node* node : sorted_nodes(set, match.allowed, nullptr)) {
    if (Resource* instance = instance_at(collection, *node, role, current)) return instance;
  }
  return nullptr;
}

void apply_from_clone(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation) {
  if (!dependent.is(Variant::primitive) || clone.provisional) return;
  if (clone.promotable && colocation.primary_role != Role::unknown) {
    if (dependent.provisional) return apply_from_promotable(to, dependent, clone, colocation);
    if (colocation.dependent_role == Role::promoted) return apply_promotion_priority(to, dependent, clone, colocation);
  }
  if (interleaves(to, colocation)) return pair_up(to, dependent, clone, colocation);
  if (colocation.score < Score::infinity) {
    for (Resource* instance : clone.children) apply_from_primary(to, dependent, *instance, colocation);
    return;
  }
  std::vector<const Resource*> where;
  for (const Resource* instance : clone.children) {
    if (location_of(*instance, nullptr, false) != nullptr && !any_blocked(*instance)) where.push_back(instance);
  }
  keep_only(to.set, dependent.allowed, where, false, colocation.id);
}

void apply_from_bundle(Assigner& to, Resource& dependent, Resource& bundle, const Colocation& colocation) {
  if (!dependent.is(Variant::primitive) || bundle.provisional || !bundle.bundle) return;
  if (colocation.dependent->variant > Variant::group) return pair_up(to, dependent, bundle, colocation);
  std::vector<const Resource*> where;
  for (const auto& replica : bundle.bundle->replica) {
    if (replica.container == nullptr) continue;
    if (colocation.score < Score::infinity) apply_from_primary(to, dependent, *replica.container, colocation);
    else if (counts(replica, colocation)) where.push_back(replica.container);
  }
  if (colocation.score >= Score::infinity) keep_only(to.set, dependent.allowed, where, false, colocation.id);
}

}  // namespace relevo::policy
