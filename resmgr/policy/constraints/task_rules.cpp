// What each bit of a dependency does to two actions of which nothing else is known. See fixed_point.hpp.
// Source: resmgr spec 2(a) stage 11.
#include <fmt/format.h>

#include "resmgr/policy/constraints/fixed_point.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

std::string reason_text(std::string_view change, const Action& reason) {
  if (reason.rsc == nullptr) return fmt::format("{} {}", change, reason.task);
  return fmt::format("{} {} {}", change, reason.rsc->id, reason.task);
}

bool is_primitive(const Action& action) { return action.rsc != nullptr && action.rsc->is(Variant::primitive); }

/// One way only: when the first one cannot run, the other does not either, unless it would change nothing.
void apply_asymmetrical(const Action& first, Action& then) {
  if (then.rsc == nullptr || first.runnable) return;
  if (then.optional) {
    const Role role = role_of(*then.rsc, true);
    if (role == Role::stopped && then.task == "stop") return;
    const auto& active = then.rsc->running_on;
    if (role >= Role::started && then.task == "start" && active.size() == 1 && active.front() == then.node) return;
  }
  no_longer_optional(then, first);
  no_longer_runnable(then, first);
}

void apply_implies_first(Action& first, const Action& then, const Standing& before, bool first_optional) {
  if (!before.optional && first_optional) no_longer_optional(first, then);
  if (before.migrate_runnable && !then.migrate_runnable) no_longer_migratable(first, then);
}

void apply_promoted_implies_first(Action& first, const Action& then) {
  if (then.rsc == nullptr || then.rsc->role != Role::promoted || then.optional) return;
  no_longer_optional(first, then);
  if (first.migrate_runnable && !then.migrate_runnable) no_longer_migratable(first, then);
}

void apply_implies_first_migratable(Action& first, const Action& then) {
  if (!then.migrate_runnable || !then.runnable) no_longer_runnable(first, then);
  if (!then.optional) no_longer_optional(first, then);
}

/// `first` is the half of a restart that takes down what `then` needs.
void apply_restart(Action& first, Action& then) {
  if (!is_primitive(first) || !is_primitive(then)) return;
  const bool required = !then.optional;
  const bool cannot_come_back = !then.runnable && then.rsc->managed && first.rsc == then.rsc;
  if (!required && !cannot_come_back) return;
  if (first.runnable) no_longer_optional(first, then);
  if (!then.optional) no_longer_optional(first, then);
  if (!then.migrate_runnable) no_longer_migratable(first, then);
  if (!first.optional && !first.runnable) no_longer_runnable(then, first);
}

}  // namespace

void no_longer_optional(Action& action, const Action& reason) {
  if (!action.optional) return;
  action.optional = false;
  action.required_by = &reason;
  if (action.rsc != reason.rsc) set_reason(action, reason_text("required", reason), false);
}

void no_longer_runnable(Action& action, const Action& reason) {
  if (!action.runnable) return;
  const std::string text = reason_text("unrunnable", reason);
  block(action, text);
  if (action.rsc != reason.rsc) set_reason(action, text, false);
}

void no_longer_migratable(Action& action, const Action& reason) {
  if (!action.migrate_runnable) return;
  action.migrate_runnable = false;
  if (action.rsc != reason.rsc) set_reason(action, reason_text("unrunnable", reason), true);
}

Changed FixedPoint::apply_to_task(Action& first, Action& then, const Standing& before, std::uint32_t bit) {
  const Standing first_was{first.optional, first.runnable, first.migrate_runnable};
  const Standing then_was{then.optional, then.runnable, then.migrate_runnable};
  const bool then_was_pseudo = then.pseudo;
  switch (bit) {
    case order::asymmetrical:
      apply_asymmetrical(first, then);
      break;
    case order::implies_first:
      if (!then.optional) apply_implies_first(first, then, before, first.optional);
      break;
    case order::promoted_implies_first:
      apply_promoted_implies_first(first, then);
      break;
    case order::implies_first_migratable:
      apply_implies_first_migratable(first, then);
      break;
    case order::pseudo_left:
      if (!first.runnable) {
        no_longer_migratable(then, first);
        then.pseudo = false;
      }
      break;
    case order::runnable_left:
      if (then.runnable && !before.runnable) {
        no_longer_runnable(then, first);
        no_longer_migratable(then, first);
      }
      break;
    case order::implies_then:
      if (then.optional && !before.optional && !first.migrate_runnable) no_longer_optional(then, first);
      break;
    case order::restart:
      apply_restart(first, then);
      break;
    default:
      break;
  }
  const auto differs = [](const Action& action, const Standing& was) {
    return action.optional != was.optional || action.runnable != was.runnable || action.migrate_runnable != was.migrate_runnable;
  };
  Changed changed;
  if (differs(then, then_was) || then.pseudo != then_was_pseudo) {
    changed.then = true;
    if (then.rsc != nullptr && then.rsc->parent != nullptr) update(then);  // a cloned group's parts hang on each other
  }
  changed.first = differs(first, first_was);
  return changed;
}

}  // namespace relevo::policy
