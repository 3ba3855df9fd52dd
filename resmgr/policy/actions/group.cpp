// Groups: their members one after the other and on one node, and the pseudo actions around them.
#include "resmgr/policy/actions/collections.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

/// What of the group so far matters for its next member.
struct Chain {
  bool promotable = false;
  Resource* previous = nullptr;
  Resource* last_active = nullptr;
};

constexpr std::uint32_t completes = order::runnable_left | order::implies_then | order::implies_then_printed;
constexpr std::uint32_t follows = order::implies_then | order::runnable_left;

/// The group's action comes before the member's, and the member's before its completion.
void order_around(WorkingSet& set, Resource& group, Resource& member, const Chain& chain) {
  const bool leads = group.group_ordered && chain.previous == nullptr;
  const std::uint32_t down = order::implies_first_printed | (leads ? order::optional : order::none);
  const std::uint32_t after_down = leads ? order::implies_then : order::implies_then_printed;
  if (chain.promotable) {
    order_resources(set, group, "demote", member, "demote", down);
    order_resources(set, member, "demote", group, "demoted", after_down);
    order_resources(set, member, "promote", group, "promoted", completes);
    order_resources(set, group, "promote", member, "promote", order::implies_first_printed);
  }
  order_resources(set, group, "stop", member, "stop", down);
  order_resources(set, member, "stop", group, "stopped", after_down);
  order_resources(set, group, "start", member, "start", order::implies_first_printed);
  order_resources(set, member, "start", group, "running", completes);
}

void order_after_previous(WorkingSet& set, Resource& member, const Chain& chain) {
  Resource& previous = *chain.previous;
  order_resources(set, previous, "start", member, "start", follows);
  order_resources(set, member, "stop", previous, "stop", order::optional | order::restart);
  if (chain.promotable) {
    order_resources(set, previous, "promote", member, "promote", follows);
    order_resources(set, member, "demote", previous, "demote", order::optional);
  }
}

/// A group that is active in parts stops in its order all the same.
void order_partial_stop(WorkingSet& set, const Resource& group, Resource& member, const Chain& chain) {
  if (group.group_ordered && chain.previous != nullptr && chain.previous->running_on.empty() &&
      chain.last_active != nullptr) {
    order_resources(set, member, "stop", *chain.last_active, "stop", order::optional);
  }
}

void add_member(WorkingSet& set, Resource& group, Resource& member, Chain& chain) {
  internal_constraints(set, member);
  if (chain.previous != nullptr && group.group_colocated) {
    new_colocation(set, "group:internal_colocation", {}, Score::infinity, member, *chain.previous, Role::unknown,
                   Role::unknown, member.critical);
  }
  order_around(set, group, member, chain);
  if (!group.group_ordered) {
    order_resources(set, group, "start", member, "start", follows | order::implies_first_printed);
    if (chain.promotable) {
      order_resources(set, group, "promote", member, "promote", follows | order::implies_first_printed);
    }
  } else if (chain.previous != nullptr) {
    order_after_previous(set, member, chain);
  }
  if (!member.running_on.empty()) {
    order_partial_stop(set, group, member, chain);
    chain.last_active = &member;
  }
  chain.previous = &member;
}

}  // namespace

void group_internal_constraints(WorkingSet& set, Resource& group) {
  order_resources(set, group, "stop", group, "stopped", order::runnable_left);
  order_resources(set, group, "stopped", group, "start", order::optional);
  order_resources(set, group, "start", group, "running", order::runnable_left);
  Chain chain;
  chain.promotable = group.top_inside().promotable;
  for (Resource* member : group.children) add_member(set, group, *member, chain);
}

void create_group_actions(WorkingSet& set, Resource& group) {
  for (Resource* member : group.children) create_actions(set, *member);
  for (const std::string_view task : {"start", "running", "stop", "stopped"}) {
    collection_action(set, group, task, true, true);
  }
  if (!group.top_inside().promotable) return;
  for (const std::string_view task : {"demote", "demoted", "promote", "promoted"}) {
    collection_action(set, group, task, true, true);
  }
}

}  // namespace relevo::policy
