// The role chains of primitives: stop, start, promote, demote. When a chain is needed is decided in primitive.cpp.
#include "resmgr/policy/actions/roles.hpp"

#include <array>
#include <cstddef>
#include <vector>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {
namespace {

enum class Step : std::uint8_t { none, stop, start, promote, demote };

constexpr std::size_t roles = 5;
constexpr std::size_t place(Role role) { return static_cast<std::size_t>(role); }

/// Row: the role now; column: the goal. In the order unknown, stopped, started, unpromoted, promoted.
constexpr std::array<std::array<Role, roles>, roles> next_roles{{
    {Role::unknown, Role::stopped, Role::stopped, Role::stopped, Role::stopped},
    {Role::stopped, Role::stopped, Role::started, Role::unpromoted, Role::unpromoted},
    {Role::stopped, Role::stopped, Role::started, Role::unpromoted, Role::promoted},
    {Role::stopped, Role::stopped, Role::stopped, Role::unpromoted, Role::promoted},
    {Role::stopped, Role::unpromoted, Role::unpromoted, Role::unpromoted, Role::promoted},
}};

constexpr std::array<std::array<Step, roles>, roles> steps{{
    {Step::none, Step::stop, Step::none, Step::none, Step::none},
    {Step::none, Step::none, Step::start, Step::start, Step::none},
    {Step::none, Step::stop, Step::none, Step::none, Step::promote},
    {Step::none, Step::stop, Step::stop, Step::none, Step::promote},
    {Step::none, Step::demote, Step::demote, Step::demote, Step::none},
}};

Step step_between(Role role, Role next) { return steps.at(place(role)).at(place(next)); }

/// Where the resource is one too many times but shall stay, while the others are stopped.
bool is_expected_node(const Resource& rsc, const Node* node) {
  return rsc.stop_unexpected && rsc.restarting && rsc.next_role > Role::stopped && node != nullptr && rsc.assigned_to == node;
}

void start(WorkingSet& set, Resource& rsc, Node* node, bool optional) {
  Action& start = rsc_action(set, rsc, "start", node, true);
  if (node != nullptr) order_after_unfencing(set, rsc, *node, start, order::implies_then);
  if (start.runnable && !optional) start.optional = false;
  if (is_expected_node(rsc, node)) start.pseudo = true;
}

void promote(WorkingSet& set, Resource& rsc, Node* node, bool optional) {
  for (const Action* start : task_actions(rsc, node, "start", true)) {
    if (start->runnable) continue;
    for (Action* known : task_actions(rsc, node, "promote", true)) block(*known, "start cannot run");
    return;
  }
  Action& promote = rsc_action(set, rsc, "promote", node, optional);
  if (is_expected_node(rsc, node)) promote.pseudo = true;
}

/// Everywhere: when it is active on several nodes, all of them are part of the recovery.
void demote(WorkingSet& set, Resource& rsc, bool optional) {
  for (Node* node : std::vector(rsc.running_on)) {
    if (!is_expected_node(rsc, node)) rsc_action(set, rsc, "demote", node, optional);
  }
}

/// A migration that was under way and has still the same target goes on; one with another target is undone there.
bool continues_migration(const Resource& rsc, const Node& node) {
  return rsc.partial_migration_target == &node && rsc.assigned_to == &node;
}

void stop(WorkingSet& set, Resource& rsc, bool optional) {
  for (Node* node : std::vector(rsc.running_on)) {
    if (is_expected_node(rsc, node)) continue;
    if (rsc.partial_migration_target != nullptr) {
      if (continues_migration(rsc, *node)) continue;
      optional = false;
    }
    schedule_stop(set, rsc, *node, optional);
  }
}

/// False when there is no such step: the chain ends.
bool take(WorkingSet& set, Step step, Resource& rsc, Node* node, bool optional) {
  switch (step) {
    case Step::start: start(set, rsc, node, optional); return true;
    case Step::stop: stop(set, rsc, optional); return true;
    case Step::promote: promote(set, rsc, node, optional); return true;
    case Step::demote: demote(set, rsc, optional); return true;
    case Step::none: break;
  }
  return false;
}

}  // namespace

Role next_step(Role role, Role goal) { return next_roles.at(place(role)).at(place(goal)); }

void schedule_restart(WorkingSet& set, Resource& rsc, Node* current, bool need_stop, bool need_promote) {
  Role role = rsc.role;
  rsc.restarting = true;
  while (role != Role::stopped) {
    const Role next = next_step(role, Role::stopped);
    if (!take(set, step_between(role, next), rsc, current, !need_stop)) break;
    role = next;
  }
  while (rsc.role <= rsc.next_role && role != rsc.role && !rsc.blocked) {
    const Role next = next_step(role, rsc.role);
    const bool required = need_stop || (next == Role::promoted && need_promote);
    if (!take(set, step_between(role, next), rsc, rsc.assigned_to, !required)) break;
    role = next;
  }
  rsc.restarting = false;
}

void schedule_next_role(WorkingSet& set, Resource& rsc) {
  Role role = rsc.role;
  while (role != rsc.next_role) {
    const Role next = next_step(role, rsc.next_role);
    if (!take(set, step_between(role, next), rsc, rsc.assigned_to, false)) break;
    role = next;
  }
}

}  // namespace relevo::policy
