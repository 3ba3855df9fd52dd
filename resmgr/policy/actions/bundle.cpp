// Bundles: addresses, containers and connections of the replicas around the instances inside, and probes of all these.
#include "resmgr/policy/actions/collections.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

/// What runs inside starts and stops within the bundle, whether it has parts of its own or not.
void order_child(WorkingSet& set, Resource& bundle, Resource& child) {
  const bool has_parts = !child.children.empty();
  order_resources(set, bundle, "start", child, "start", order::implies_first_printed);
  order_resources(set, bundle, "stop", child, "stop", order::implies_first_printed);
  order_resources(set, child, has_parts ? "running" : "start", bundle, "running", order::implies_then_printed);
  order_resources(set, child, has_parts ? "stopped" : "stop", bundle, "stopped", order::implies_then_printed);
}

/// The address comes up before the container and goes down after it, on the same node.
void order_address(WorkingSet& set, Resource& ip, Resource& container) {
  internal_constraints(set, ip);
  order_resources(set, ip, "start", container, "start", order::runnable_left | order::preserve);
  order_resources(set, container, "stop", ip, "stop", order::implies_first | order::preserve);
  new_colocation(set, "ip-with-docker", {}, Score::infinity, ip, container, Role::unknown, Role::unknown, true);
}

void order_replica(WorkingSet& set, Resource& bundle, const Replica& replica) {
  Resource& container = *replica.container;
  internal_constraints(set, container);
  order_resources(set, bundle, "start", container, "start", order::runnable_left | order::implies_first_printed);
  if (replica.child != nullptr) {
    order_resources(set, bundle, "stop", *replica.child, "stop", order::implies_first_printed);
  }
  order_resources(set, bundle, "stop", container, "stop", order::implies_first_printed);
  order_resources(set, container, "start", bundle, "running", order::implies_then_printed);
  order_resources(set, container, "stop", bundle, "stopped", order::implies_then_printed);
  if (replica.ip != nullptr) order_address(set, *replica.ip, container);
  // The connection follows its container as that of any guest; what runs inside follows the connection
  if (replica.remote != nullptr) internal_constraints(set, *replica.remote);
}

void order_promotion(WorkingSet& set, Resource& bundle, Resource& child) {
  order_promotable_restart(set, bundle);
  order_resources(set, child, "demoted", bundle, "demoted", order::implies_then_printed);
  order_resources(set, bundle, "demote", child, "demote", order::implies_first_printed);
  order_resources(set, child, "promoted", bundle, "promoted", order::implies_then_printed);
  order_resources(set, bundle, "promote", child, "promote", order::implies_first_printed);
}

/// Where a host has room for one replica only, it must be known that none runs there before another starts there.
void order_probe_before_others(WorkingSet& set, const BundleFacts& facts, const Replica& probed) {
  if (facts.replicas_per_host != 1) return;
  for (const Replica& other : facts.replica) {
    if (&other == &probed || other.container == nullptr) continue;
    order_resources(set, *probed.container, "monitor", *other.container, "start", order::optional | order::same_node);
  }
}

/// A connection is not probed before it is known where its container is.
bool probe_connection(WorkingSet& set, const Replica& replica, Node& node) {
  if (!probe(set, *replica.remote, node)) return false;
  Action* made = find_first_action(*replica.remote, op_key(replica.remote->id, "monitor"), {}, &node);
  if (made == nullptr) return false;
  new_ordering(set, replica.container, op_key(replica.container->id, "start"), nullptr, replica.remote, {}, made,
               order::probe);
  return true;
}

bool probe_replica(WorkingSet& set, const BundleFacts& facts, const Replica& replica, Node& node) {
  bool any = replica.ip != nullptr && probe(set, *replica.ip, node);
  if (replica.child != nullptr && replica.node == &node && probe(set, *replica.child, node)) any = true;
  if (replica.container == nullptr) return any;
  if (probe(set, *replica.container, node)) {
    any = true;
    order_probe_before_others(set, facts, replica);
  }
  if (replica.remote != nullptr && probe_connection(set, replica, node)) any = true;
  return any;
}

}  // namespace

std::vector<Resource*> containers_of(const Resource& bundle) {
  std::vector<Resource*> containers;
  if (!bundle.bundle) return containers;
  for (const Replica& replica : bundle.bundle->replica) {
    if (replica.container != nullptr) containers.push_back(replica.container);
  }
  return containers;
}

void bundle_internal_constraints(WorkingSet& set, Resource& bundle) {
  if (!bundle.bundle) return;
  Resource* child = bundle.bundle->child;
  if (child != nullptr) order_child(set, bundle, *child);
  for (const Replica& replica : bundle.bundle->replica) {
    if (replica.container != nullptr) order_replica(set, bundle, replica);
  }
  if (child == nullptr) return;
  internal_constraints(set, *child);
  if (child->promotable) order_promotion(set, bundle, *child);
}

void create_bundle_actions(WorkingSet& set, Resource& bundle) {
  if (!bundle.bundle) return;
  for (const Replica& replica : bundle.bundle->replica) {
    for (Resource* part : {replica.ip, replica.container, replica.remote}) {
      if (part != nullptr) create_actions(set, *part);
    }
  }
  create_instance_summaries(set, bundle, containers_of(bundle));
  Resource* child = bundle.bundle->child;
  if (child == nullptr) return;
  create_actions(set, *child);
  if (!child->promotable) return;
  for (const std::string_view task : {"promote", "promoted", "demote", "demoted"}) {
    Action& action = collection_action(set, bundle, task, true, true);
    if (task.ends_with('d')) action.priority = Score::infinity;
  }
}

bool probe_bundle(WorkingSet& set, Resource& bundle, Node& node) {
  bool any = false;
  if (!bundle.bundle) return any;
  for (const Replica& replica : bundle.bundle->replica) {
    if (probe_replica(set, *bundle.bundle, replica, node)) any = true;
  }
  return any;
}

}  // namespace relevo::policy
