// Orderings and colocations that come with a primitive by itself: restart, promotion, its container, its connection,
// unfencing, capacity. Those of collections are made beside their actions.
#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/assign/utilization.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

void order_keys(WorkingSet& set, Resource& rsc, std::string_view first, std::string_view then, std::uint32_t flags) {
  order_resources(set, rsc, first, rsc, then, flags);
}

std::vector<Node*> allowed_nodes(const WorkingSet& set, const Resource& rsc) {
  std::vector<Node*> nodes;
  for (Node* node : set.nodes) {
    const NodeEntry* entry = rsc.allowed.find(*node);
    if (entry != nullptr && entry->allowed) nodes.push_back(node);
  }
  return nodes;
}

void ban(WorkingSet& set, Resource& rsc, const Node& node, Cause cause) {
  set.set_score(rsc.allowed, node, Score(-Score::infinity), cause);
}

/// Connections and fence devices cannot be nested in what they make reachable.
void avoid_remote_nodes(WorkingSet& set, Resource& rsc) {
  for (const Node* node : allowed_nodes(set, rsc)) {
    if (node->connection != nullptr) ban(set, rsc, *node, Cause::remote_connection);
  }
}

void order_around_unfencing(WorkingSet& set, Resource& rsc) {
  for (Node* node : allowed_nodes(set, rsc)) {
    Action& unfence = fence_op(set, *node, "on", true, {}, false);
    new_ordering(set, &rsc, op_key(rsc.id, "stop"), nullptr, nullptr, {}, &unfence, order::optional | order::same_node);
    new_ordering(set, nullptr, {}, &unfence, &rsc, op_key(rsc.id, "start"), nullptr, order::implies_then_on_node | order::same_node);
  }
}

void follow_container(WorkingSet& set, Resource& rsc) {
  Resource& container = *rsc.container;
  order_resources(set, container, "start", rsc, "start", order::implies_then | order::runnable_left);
  order_resources(set, rsc, "stop", container, "stop", order::implies_first);
  const int score = rsc.may_leave_container ? 10'000 : Score::infinity;
  new_colocation(set, "resource-with-container", {}, score, rsc, container, Role::unknown, Role::unknown, true);
}

/// The connection of the remote or guest node that `rsc` shall run on because of its container, if any.
Resource* host_connection(WorkingSet& set, Resource& rsc) {
  Resource& container = *rsc.container;
  if (rsc.is_remote_connection) {
    if (!rsc.may_leave_container) avoid_remote_nodes(set, container);
    // A container that is cleaned up is probed: if it runs, the connection need not be recovered
    order_resources(set, container, "monitor", rsc, "stop", order::optional);
    return nullptr;
  }
  return container.is_remote_connection ? &container : guest_connection_in(&container);
}

void bind_to_container(WorkingSet& set, Resource& rsc) {
  Resource* connection = host_connection(set, rsc);
  if (connection == nullptr) {
    follow_container(set, rsc);
    return;
  }
  for (const Node* node : allowed_nodes(set, rsc)) {
    if (node->connection != connection) ban(set, rsc, *node, Cause::container);
  }
}

void primitive_internal_constraints(WorkingSet& set, Resource& rsc) {
  if (!rsc.managed) return;
  order_keys(set, rsc, "stop", "start", order::optional | order::implies_then | order::restart);
  if (rsc.top_inside().promotable || rsc.role > Role::unpromoted) {
    order_keys(set, rsc, "demote", "stop", order::promoted_implies_first);
    order_keys(set, rsc, "start", "promote", order::runnable_left);
  }
  // A history that is about to be probed again need not be deleted
  order_keys(set, rsc, "lrm_delete", "monitor", order::same_node | order::then_cancels_first);

  if (!rsc.is_stonith && set.has_unfencing && rsc.needs_unfencing) order_around_unfencing(set, rsc);
  if (!rsc.utilization.empty() && set.options.placement != Placement::standard) add_utilization_orderings(set, rsc);
  if (rsc.container != nullptr) bind_to_container(set, rsc);
  if (rsc.is_remote_connection || rsc.is_stonith) avoid_remote_nodes(set, rsc);
}

}  // namespace

Resource* guest_connection_in(const Resource* container) {
  if (container == nullptr) return nullptr;
  for (Resource* filler : container->fillers) {
    if (filler->is_remote_connection) return filler;
  }
  return nullptr;
}

void internal_constraints(WorkingSet& set, Resource& rsc) {
  switch (rsc.variant) {
    case Variant::primitive: primitive_internal_constraints(set, rsc); break;
    case Variant::group: group_internal_constraints(set, rsc); break;
    case Variant::clone: clone_internal_constraints(set, rsc); break;
    case Variant::bundle: bundle_internal_constraints(set, rsc); break;
  }
}

void add_internal_constraints(WorkingSet& set) {
  for (Resource* rsc : set.resources) internal_constraints(set, *rsc);
}

}  // namespace relevo::policy
