// The walk through actions and what comes before and after them, see fixed_point.hpp.
#include "resmgr/policy/constraints/fixed_point.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

/// The walk follows changes depth first; beyond this it goes on when it is back at the start, for the stack has an end.
constexpr int deepest = 300;

bool is_inside(const Resource* rsc, const Resource& outer) {
  for (const Resource* at = rsc->parent; at != nullptr; at = at->parent) {
    if (at == &outer) return true;
  }
  return false;
}

/// Notifications belong to the outermost collection, or to the clone inside a bundle.
bool notifies(const Resource& rsc) {
  return rsc.notify && (rsc.parent == nullptr || (rsc.is(Variant::clone) && rsc.parent->is(Variant::bundle)));
}

/// The key of what tells that everything `key` asks of a collection has been done, with its notifications.
std::string completion_key(const std::string& key, const Resource& rsc) {
  if (key.find("notify") != std::string::npos) return key;
  const auto parts = split_key(key);
  if (!parts || parts->interval.count() != 0) return key;
  const auto completion = completion_of(parts->task);
  if (completion.empty()) return key;
  return notifies(rsc) ? notify_key(parts->rsc, "confirmed-post", completion) : op_key(parts->rsc, completion);
}

/// What others really wait for when they wait for an action of a collection.
Action& stands_for(Action& action) {
  if (action.rsc == nullptr || action.rsc->is(Variant::primitive)) return action;
  Action* found = find_first_action(*action.rsc, completion_key(action.key, *action.rsc), {}, nullptr);
  return found != nullptr ? *found : action;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> completions{
    {{"start", "running"}, {"stop", "stopped"}, {"promote", "promoted"}, {"demote", "demoted"}}};

struct Flags {
  bool optional, runnable, pseudo, migrate_runnable;
  explicit Flags(const Action& a) : optional(a.optional), runnable(a.runnable), pseudo(a.pseudo), migrate_runnable(a.migrate_runnable) {}
  bool operator==(const Flags&) const = default;
};

}  // namespace

Node* place_of(const Action& action) {
  const bool group_start = action.rsc != nullptr && action.rsc->is(Variant::group) && action.task == "start";
  return group_start ? location_of(*action.rsc, nullptr, false) : action.node;
}

std::string_view completion_of(std::string_view task) {
  if (task == "notify" || task == "notified") return "notified";
  for (const auto& [begin, end] : completions) {
    if (task == begin || task == end) return end;
  }
  return {};
}

std::string_view task_completed_by(std::string_view completion) {
  for (const auto& [begin, end] : completions) {
    if (completion == end) return begin;
  }
  return completion;
}

void FixedPoint::update(Action& then) {
  if (depth_ >= deepest) {
    postponed_.push_back(&then);
    return;
  }
  ++depth_;
  visit(then);
  --depth_;
  while (depth_ == 0 && (!postponed_.empty() || !unblocked_.empty())) {
    if (!unblocked_.empty()) {
      const Action* next = unblocked_.back();
      unblocked_.pop_back();
      block_dependents(*next);
      continue;
    }
    Action* next = postponed_.back();
    postponed_.pop_back();
    ++depth_;
    visit(*next);
    --depth_;
  }
}

void FixedPoint::visit_dependents(Action& first) {
  // What is added meanwhile is looked at when it is added
  for (std::size_t i = first.after.size(); i-- > 0;) update(*first.after[i].action);
}

/// Is the number of inputs that can run counted anew?
bool FixedPoint::starts_over(Action& then) {
  if (!then.requires_any) return false;
  then.runnable_before = 0;
  if (then.required_runnable_before == 0) then.required_runnable_before = 1;
  then.runnable = false;
  return true;
}

void FixedPoint::visit(Action& then) {
  const Flags before(then);
  const bool counts_inputs = starts_over(then);
  Changed changed = visit_inputs(then);
  if (counts_inputs) changed.then = !(before == Flags(then));
  if (!changed.then) return;
  if (before.runnable && !then.runnable) block_dependents(then);
  update(then);
  visit_dependents(then);
}

Changed FixedPoint::visit_inputs(Action& then) {
  Changed changed;
  for (std::size_t i = then.before.size(); i-- > 0;) {
    changed.first = false;
    changed |= apply_input(then, i);
  }
  return changed;
}

Changed FixedPoint::apply_input(Action& then, std::size_t place) {
  Action& input = *then.before[place].action;
  const auto type = then.before[place].type;
  if ((type & order::same_node) != 0) {
    const Node* first_node = place_of(input);
    const Node* then_node = place_of(then);
    if (first_node != nullptr && then_node != nullptr && first_node != then_node) {
      then.before[place].type = order::none;
      return {};
    }
  }
  if (input.rsc != nullptr && (type & order::then_cancels_first) != 0 && !then.optional) {
    input.optional = true;  // a stop that must be makes a reload pointless
    if (input.task == "reload-agent") input.rsc->reload = false;
  }
  const bool of_others = input.rsc != nullptr && then.rsc != nullptr && input.rsc != then.rsc && !is_inside(then.rsc, *input.rsc);
  Action& first = of_others ? stands_for(input) : input;
  Changed changed;
  if (&first == &input) {
    changed = apply_dependency(then, place);
  } else if (order_actions(first, then, type)) {
    then.before[place].type = order::none;
    changed.then = true;  // what was added just now is seen the next time round
  }
  if (changed.first) {
    visit_dependents(first);
    update(first);
  }
  return changed;
}

void update_action_dependencies(WorkingSet& set, Action& action) { FixedPoint(set).update(action); }

}  // namespace relevo::policy
