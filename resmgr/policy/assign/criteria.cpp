// What is known about a resource and a node before anything is assigned: health, locations, stickiness, failures, discovery.
#include "common/base/time.hpp"
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

Score health_of(const WorkingSet& set, const Node& node) {
  const bool progressive = set.options.health_strategy == HealthStrategy::progressive;
  Score health{progressive ? set.options.health_base : 0};
  for (auto at = node.attributes.lower_bound("#health"); at != node.attributes.end(); ++at) {
    if (!at->first.starts_with("#health")) break;
    health = Score(score_of(set, at->second)) + health;
  }
  return health;
}

bool endures_ill_nodes(const Resource& rsc) { return bool_of(rsc.meta, "allow-unhealthy-nodes", false); }

std::string_view name_of(HealthStrategy strategy) {
  switch (strategy) {
    case HealthStrategy::migrate_on_red: return "migrate-on-red";
    case HealthStrategy::only_green: return "only-green";
    case HealthStrategy::progressive: return "progressive";
    case HealthStrategy::custom: return "custom";
    case HealthStrategy::none: break;
  }
  return "none";
}

// Managed, active on one node, and in a cluster that allows nodes one by one: still allowed there.
void apply_stickiness(WorkingSet& set, Resource& rsc) {
  for (Resource* part : rsc.children) apply_stickiness(set, *part);
  if (!rsc.children.empty() || !rsc.managed || rsc.stickiness < 1 || rsc.running_on.size() != 1) return;
  const Node* node = rsc.running_on.front();
  if (!set.options.symmetric_cluster && rsc.allowed.find(*node) == nullptr) return;
  add_location_score(set, rsc, node, Score(rsc.stickiness), Cause::stickiness);
}

bool is_cleared_there(const Resource& rsc, const Node& node) {
  return !find_actions_on(rsc, op_key(rsc.id, "clear_failcount"), &node).empty();
}

void apply_threshold(WorkingSet& set, Resource& rsc, Node& node) {
  if (!rsc.children.empty()) {
    for (Resource* part : rsc.children) apply_threshold(set, *part, node);
    return;
  }
  if (is_cleared_there(rsc, node)) return;
  if (Resource* failed = threshold_reached(set, rsc, node)) {
    add_location_score(set, *failed, &node, Score(-Score::infinity), Cause::migration_threshold, rsc.id);
  }
}

bool counts_failures(const Node& node) {
  const auto first = node.attributes.lower_bound("fail-count-");
  return first != node.attributes.end() && first->first.starts_with("fail-count-");
}

// `top` is exclusive for all its parts, unless it is a bundle.
void apply_discovery(WorkingSet& set, Resource& rsc, const Node& node, const Resource& top) {
  if (!top.exclusive_discovery && !rsc.exclusive_discovery) return;
  for (Resource* part : rsc.children) apply_discovery(set, *part, node, rsc.is(Variant::bundle) ? *part : top);
  const auto* entry = rsc.allowed.find(node);
  if (entry == nullptr || entry->discovery == Discovery::exclusive) return;
  set.set_score(rsc.allowed, node, Score(-Score::infinity), Cause::exclusive_discovery);
}

}  // namespace

void apply_node_health(WorkingSet& set) {
  if (set.options.health_strategy == HealthStrategy::none) return;
  const auto strategy = name_of(set.options.health_strategy);
  for (Node* node : set.nodes) {
    const Score health = health_of(set, *node);
    if (health.value == 0) continue;
    for (Resource* rsc : set.resources) {
      if (health.value < 0 && endures_ill_nodes(*rsc)) continue;
      new_location(set, strategy, *rsc, health.value, Cause::node_health, node);
    }
  }
}

void apply_node_criteria(WorkingSet& set) {
  apply_shutdown_locks(set);
  for (const Location* location : set.locations) apply_location(set, *location->rsc, *location);
  for (Resource* rsc : set.resources) apply_stickiness(set, *rsc);
  for (Node* node : set.nodes) {
    const bool any_failures = counts_failures(*node);
    for (Resource* rsc : set.resources) {
      if (any_failures) apply_threshold(set, *rsc, *node);
      apply_discovery(set, *rsc, *node, *rsc);
    }
  }
}

}  // namespace relevo::policy
