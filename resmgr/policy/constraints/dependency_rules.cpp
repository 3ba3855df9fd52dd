// One dependency applied to its two ends: which of its bits mean something now, and who decides how. See fixed_point.hpp.
#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/constraints/fixed_point.hpp"

namespace relevo::policy {
namespace {

bool has(std::uint32_t type, std::uint32_t bit) { return (type & bit) != 0; }

/// A failed stop that nobody may repeat holds up everything that must come after it.
bool is_blocked_stop(const Action& first) {
  return first.rsc != nullptr && !first.rsc->managed && first.rsc->blocked && !first.runnable && first.task == "stop";
}

void print_along(Action& first, Action& then, std::uint32_t type, const Standing& first_stands, const Standing& then_stands) {
  if (has(type, order::implies_then_printed) && first.runnable && !first_stands.optional) then.print_always = true;
  if (has(type, order::implies_first_printed) && !then_stands.optional) first.print_always = true;
}

}  // namespace

Standing FixedPoint::standing(Action& action, const Node* node) const {
  if (action.rsc == nullptr || action.rsc->is(Variant::primitive)) return {action.optional, action.runnable, action.migrate_runnable};
  const ActionState state = action_state(set_, action, node);
  return {state.optional, state.runnable, false};
}

Standing FixedPoint::standing_for_ordering(Action& action, const Node* node) const {
  const Standing anywhere = standing(action, nullptr);
  if (node == nullptr || action.rsc == nullptr || !action.rsc->is(Variant::clone)) return anywhere;
  Standing there = standing(action, node);
  there.runnable = there.runnable || anywhere.runnable;  // an ordering with a clone asks whether it can run anywhere
  return there;
}

/// One more input that can run; with enough of them `then` can.
Changed FixedPoint::apply_one_or_more(Action& then, const Standing& before) {
  if (!before.runnable) return {};
  ++then.runnable_before;
  if (then.runnable_before < then.required_runnable_before || then.runnable) return {};
  then.runnable = true;
  then.why_not.clear();
  return {false, true};
}

/// `then` belongs to no resource, so no variant has a say.
Changed FixedPoint::apply_without_resource(Action& first, Action& then, std::uint32_t type, const Standing& before) {
  Changed changed;
  if (has(type, order::implies_then) && !before.optional && then.optional) {
    then.optional = false;
    then.required_by = &first;
    changed.then = true;
  }
  if (has(type, order::one_or_more)) changed |= apply_one_or_more(then, before);
  if (has(type, order::runnable_left) && !before.runnable && then.runnable) {
    block(then, first.key + " cannot run");
    changed.then = true;
  }
  return changed;
}

/// A probe's result is waited for, unless the resource is about to stop anyway: that dependency is switched off.
bool FixedPoint::heeds_probe(Action& then, std::size_t place, const Standing& before) {
  const Action& first = *then.before[place].action;
  if (!has(then.before[place].type, order::probe) || then.rsc == nullptr) return false;
  if (before.runnable || first.rsc == nullptr || first.rsc->running_on.empty()) return true;
  then.before[place].type = order::none;
  return false;
}

/// Each bit in turn: an earlier one may change what a later one sees.
Changed FixedPoint::apply_bits(Action& then, std::size_t place, Node* node, const Standing& before) {
  Action& first = *then.before[place].action;
  auto type = then.before[place].type;
  Changed changed;
  const auto apply = [&](std::uint32_t bit, const Resource* by, const Standing& stands) {
    // Pure sequence says nothing to single actions; interleaved instances still have to learn of it
    if (bit == order::optional && by != nullptr && by->is(Variant::primitive)) return;
    if (has(type, bit) && by != nullptr) changed |= apply_rule(*by, first, then, node, stands, bit);
  };
  const Standing only_optional{before.optional, false, false};
  apply(order::implies_then, then.rsc, only_optional);
  apply(order::restart, then.rsc, before);
  apply(order::implies_first, first.rsc, before);
  apply(order::promoted_implies_first, then.rsc, only_optional);
  apply(order::one_or_more, then.rsc, before);
  const bool heeds = heeds_probe(then, place, before);
  if (has(type, order::probe) && then.rsc != nullptr && !heeds) return changed;
  if (heeds) type |= order::runnable_left;
  apply(order::runnable_left, then.rsc, before);
  apply(order::implies_first_migratable, then.rsc, before);
  apply(order::pseudo_left, then.rsc, before);
  apply(order::optional, then.rsc, before);
  apply(order::asymmetrical, then.rsc, before);
  return changed;
}

Changed FixedPoint::apply_dependency(Action& then, std::size_t place) {
  Action& first = *then.before[place].action;
  if (then.before[place].type == order::none) return {};
  const Standing before = standing_for_ordering(first, place_of(then));
  const Standing after = standing_for_ordering(then, place_of(first));

  Node* node = then.node;
  if (has(then.before[place].type, order::implies_then_on_node)) {
    // Of a clone, only what is on the node of the first one is required
    then.before[place].type = (then.before[place].type & ~order::implies_then_on_node) | order::implies_then;
    node = first.node;
  }
  Changed changed;
  if (then.rsc == nullptr) changed |= apply_without_resource(first, then, then.before[place].type, before);
  changed |= apply_bits(then, place, node, before);

  const auto type = then.before[place].type;
  print_along(first, then, type, before, after);
  if (has(type, order::implies_then | order::implies_first | order::restart) && is_blocked_stop(first) && then.runnable) {
    block(then, first.key + " is blocked");
    changed.then = true;
  }
  return changed;
}

}  // namespace relevo::policy
