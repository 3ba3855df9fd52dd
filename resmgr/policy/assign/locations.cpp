// Scores that are told for a node from outside: location constraints, and what the engine itself bans or prefers. Which
// constraints there are is read in resmgr/policy/constraints.
#include <algorithm>

#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

// The constraint for one resource alone. `silent`: the node becomes allowed, the score was counted elsewhere.
void apply_to_one(WorkingSet& set, Resource& rsc, const Location& location, bool silent) {
  if (location.role > Role::unknown && location.role != rsc.next_role) return;
  for (const auto& [node, score] : location.scores) {
    auto* entry = rsc.allowed.find(*node);
    if (entry == nullptr) entry = &rsc.allowed.allow(*node);
    if (!silent) set.add_score(rsc.allowed, *node, score, location.cause, location.id);
    if (entry->discovery >= location.discovery) continue;
    if (location.discovery == Discovery::exclusive) rsc.exclusive_discovery = true;
    entry->discovery = location.discovery;
  }
}

void apply_below(WorkingSet& set, Resource& rsc, const Location& location, bool silent);

// The first member of a group that is together speaks for the others: counted once.
void apply_to_members(WorkingSet& set, Resource& group, const Location& location, bool silent) {
  for (Resource* member : group.children) {
    apply_below(set, *member, location, silent);
    silent = silent || group.group_colocated;
  }
}

void apply_to_bundle(WorkingSet& set, Resource& rsc, const Location& location, bool silent) {
  for (auto& replica : rsc.bundle->replica) {
    if (replica.container != nullptr) apply_below(set, *replica.container, location, silent);
    if (replica.ip != nullptr) apply_below(set, *replica.ip, location, silent);
  }
  auto* child = rsc.bundle->child;
  if (child == nullptr || (location.role != Role::unpromoted && location.role != Role::promoted)) return;
  apply_below(set, *child, location, silent);
  child->locations.insert(child->locations.begin(), const_cast<Location*>(&location));
}

void apply_below(WorkingSet& set, Resource& rsc, const Location& location, bool silent) {
  apply_to_one(set, rsc, location, silent);
  switch (rsc.variant) {
    case Variant::primitive: break;
    case Variant::group: apply_to_members(set, rsc, location, silent); break;
    case Variant::clone:
      for (Resource* instance : rsc.children) apply_below(set, *instance, location, silent);
      break;
    case Variant::bundle: apply_to_bundle(set, rsc, location, silent); break;
  }
}

void add_everywhere_below(WorkingSet& set, Resource& rsc, const Node& node, Score score, Cause cause, std::string_view subject) {
  for (Resource* part : rsc.children) add_everywhere_below(set, *part, node, score, cause, subject);
  entry_for(set, rsc.allowed, node);
  set.add_score(rsc.allowed, node, score, cause, subject);
}

}  // namespace

NodeEntry& entry_for(WorkingSet& set, NodeTable& table, const Node& node) {
  if (auto* entry = table.find(node)) return *entry;
  auto& entry = table.allow(node);
  if (node.score.value != 0) set.set_score(table, node, node.score, Cause::node_score, node.name);
  return entry;
}

void add_location_score(WorkingSet& set, Resource& rsc, const Node* node, Score score, Cause cause, std::string_view subject) {
  if (node != nullptr) return add_everywhere_below(set, rsc, *node, score, cause, subject);
  for (const Node* each : set.nodes) add_everywhere_below(set, rsc, *each, score, cause, subject);
  if (score.is_minus_infinity()) rsc.assigned_to = nullptr;
}

void add_known_score(WorkingSet& set, Resource& rsc, const Node& node, Score score, Cause cause) {
  set.add_score(rsc.allowed, node, score, cause);
  for (Resource* part : rsc.children) add_known_score(set, *part, node, score, cause);
}

void apply_location(WorkingSet& set, Resource& rsc, const Location& location) { apply_below(set, rsc, location, false); }

void set_next_role(Resource& rsc, Role role, std::string_view why) {
  if (rsc.next_role == role) return;
  rsc.next_role = role;
  rsc.next_role_reason = why;
}

}  // namespace relevo::policy
