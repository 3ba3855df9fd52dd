// Assignment of a primitive: what it depends on first, then the wishes of what depends on it, then the best node.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

// An advisory ban, or one for a promoted role only, must not leave the resource without any node.
bool may_be_undone(const Colocation& colocation) {
  return colocation.dependent_role >= Role::promoted || (colocation.score < 0 && colocation.score > -Score::infinity);
}

void follow_primary(Assigner& to, Resource& rsc, const Colocation& colocation) {
  std::optional<NodeTable> before;
  if (may_be_undone(colocation)) before = rsc.allowed;
  assign_any(to, *colocation.primary, nullptr);
  apply_from_primary(to, rsc, *colocation.primary, colocation);
  if (before && !any_available(to.set, rsc.allowed)) rsc.allowed = std::move(*before);
}

void hear_dependent(Assigner& to, Resource& rsc, const Colocation& colocation) {
  if (!has_influence(colocation)) return;
  merge_colocated(to.set, *colocation.dependent, rsc.allowed, colocation.attribute, factor_of(colocation), Merge{.only_if_left = true},
                  colocation.id);
}

void apply_colocations(Assigner& to, Resource& rsc) {
  // Copies: assigning others may add to the lists.
  const auto this_with = this_with_colocations(rsc, rsc);
  for (const Colocation* colocation : this_with) follow_primary(to, rsc, *colocation);
  const auto with_this = with_this_colocations(rsc, rsc);
  for (const Colocation* colocation : with_this) hear_dependent(to, rsc, *colocation);
}

void apply_next_role(WorkingSet& set, Resource& rsc) {
  if (rsc.next_role == Role::stopped) {
    add_location_score(set, rsc, nullptr, Score(-Score::infinity), Cause::target_role);
  } else if (rsc.next_role > rsc.role && !set.options.have_quorum && set.options.no_quorum_policy == QuorumPolicy::freeze) {
    set.say(Notice::Level::notice, "Resource " + rsc.id + " cannot be elevated from " + std::string(name(rsc.role)) + " to " +
                                       std::string(name(rsc.next_role)) + " due to no-quorum-policy=freeze");
    set_next_role(rsc, rsc.role, "no-quorum-policy=freeze");
  }
}

Node* preferred_if_as_good(const Resource& rsc, Node* prefer, const Node& best) {
  if (prefer == nullptr) return nullptr;
  const auto* entry = rsc.allowed.find(*prefer);
  if (entry == nullptr || entry->score < rsc.allowed.find(best)->score) return nullptr;
  return is_available_with(*prefer, entry) ? prefer : nullptr;
}

// Where it runs, if that is among the best. Instances that can be told apart have had their chance to stay already.
Node* stay_if_as_good(const Resource& rsc, Node& best) {
  const Score score = rsc.allowed.find(best)->score;
  const bool unique_instance = rsc.parent != nullptr && rsc.parent->is(Variant::clone) && rsc.parent->unique;
  if (unique_instance || score.value <= 0 || !is_available(best)) return &best;
  Node* running = active_node(rsc);
  if (running == nullptr || !is_available(*running) || running->score.value < 0) return &best;
  const auto* entry = rsc.allowed.find(*running);
  return entry != nullptr && entry->score == score ? running : &best;
}

bool assign_best(Assigner& to, Resource& rsc, Node* prefer) {
  Node* freest = ban_insufficient(to, rsc);
  if (prefer == nullptr) prefer = freest;
  if (!rsc.provisional) return rsc.assigned_to != nullptr;
  Node* const active = active_node(rsc);
  // All of them in their order only where it is told why this one and not the next
  const auto order = to.set.keep_reasons ? sorted_nodes(to.set, rsc.allowed, active) : std::vector<Node*>{};
  Node* const best = order.empty() ? best_node(to.set, rsc.allowed, active) : order.front();
  if (best == nullptr) return finalize(to, rsc, nullptr, false);
  Node* const asked = preferred_if_as_good(rsc, prefer, *best);
  Node* const chosen = asked != nullptr ? asked : stay_if_as_good(rsc, *best);
  if (!order.empty()) {
    rsc.settlement = settlement_of(to.set, rsc.allowed, order, *chosen, active);
    if (chosen != best) rsc.settlement.by = asked != nullptr ? Settled::preferred : Settled::stays;
  }
  return finalize(to, rsc, chosen, false);
}

void choose(Assigner& to, Resource& rsc, Node* prefer) {
  if (to.set.options.stonith_enabled && !to.set.has_stonith_resource) rsc.managed = false;
  if (!rsc.managed) {
    set_next_role(rsc, rsc.role, "unmanaged");
    rsc.settlement.by = Settled::unmanaged;
    finalize(to, rsc, active_node(rsc), true);
  } else if (to.set.options.stop_all_resources) {
    rsc.settlement.by = Settled::stopped;
    finalize(to, rsc, nullptr, true);
  } else if (rsc.provisional) {
    assign_best(to, rsc, prefer);
  }
}

// The node behind a connection will be there exactly when the connection will.
void connection_assigned(const WorkingSet& set, const Resource& connection) {
  Node* node = set.find_node(connection.id);
  if (node == nullptr) return;
  if (connection.assigned_to != nullptr && connection.next_role != Role::stopped) {
    node->online = true;
    if (!node->seen) node->unclean = false;
  } else {
    node->shutdown = true;
  }
}

}  // namespace

Node* assign_primitive(Assigner& to, Resource& rsc, Node* prefer) {
  if (rsc.parent != nullptr && !rsc.parent->assigning) assign_any(to, *rsc.parent, prefer);
  if (!rsc.provisional) return rsc.assigned_to;
  if (rsc.assigning) return nullptr;
  rsc.assigning = true;
  apply_colocations(to, rsc);
  apply_next_role(to.set, rsc);
  log_scores(to, rsc, "pcmk__primitive_assign");
  choose(to, rsc, prefer);
  rsc.assigning = false;
  if (rsc.is_remote_connection) connection_assigned(to.set, rsc);
  return rsc.assigned_to;
}

}  // namespace relevo::policy
