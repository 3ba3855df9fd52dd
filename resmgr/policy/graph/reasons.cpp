// Reasons of actions, see reasons.hpp: which of them there are. The words about a task are in reason_texts.cpp.
#include "resmgr/policy/graph/reasons.hpp"

#include <fmt/format.h>

#include "resmgr/policy/graph/reason_texts.hpp"

namespace relevo::policy {
namespace {

std::string pair_key(std::string_view first, std::string_view then) { return fmt::format("{} {}", first, then); }

ActionReason from_other(const Action& action, const OrderingIds& ids) {
  const Action& other = *action.required_by;
  const bool is_part = action.rsc != nullptr && other.rsc != nullptr && other.rsc->parent == action.rsc;
  if (is_part) return {ActionCause::parts, fmt::format("{} is required", action_name(other)), &other, {}};
  auto id = ids.between(action, other);
  if (id.empty()) id = ids.between(other, action);
  const auto by = id.empty() ? std::string() : fmt::format(" (order constraint {})", id);
  return {ActionCause::dependency, fmt::format("{} requires it{}", action_name(other), by), &other, id};
}

void add_required(const Action& action, const OrderingIds& ids, std::vector<ActionReason>& out) {
  if (!action.reason.empty()) out.push_back({ActionCause::decided, action.reason});
  if (action.required_by != nullptr) out.push_back(from_other(action, ids));
  auto [cause, text] = why_required(action);
  const bool is_told = action.required_by != nullptr && action.rsc != nullptr && !action.rsc->children.empty();
  if (!text.empty() && !is_told) out.push_back({cause, std::move(text)});
}

}  // namespace

std::string_view name(ActionCause cause) {
  switch (cause) {
    case ActionCause::decided: return "decided";
    case ActionCause::dependency: return "dependency";
    case ActionCause::parts: return "parts";
    case ActionCause::state: return "state";
    case ActionCause::operation: return "operation";
    case ActionCause::unknown: return "unknown";
    case ActionCause::notification: return "notification";
    case ActionCause::capacity: return "capacity";
    case ActionCause::not_needed: return "not needed";
    case ActionCause::shown: return "shown";
    case ActionCause::blocked: return "blocked";
  }
  return "";
}

std::string action_name(const Action& action) {
  return action.node == nullptr ? action.key : fmt::format("{} on {}", action.key, action.node->name);
}

OrderingIds::OrderingIds(const WorkingSet& set) {
  for (const Ordering& ordering : set.orderings) {
    if (!ordering.id.empty()) ids_.emplace(pair_key(ordering.first_task, ordering.then_task), ordering.id);
  }
}

std::string_view OrderingIds::between(const Action& first, const Action& then) const {
  const auto found = ids_.find(pair_key(first.key, then.key));
  return found == ids_.end() ? std::string_view() : found->second;
}

std::vector<ActionReason> reasons_of(const Action& action, const OrderingIds& ids) {
  std::vector<ActionReason> out;
  if (action.optional) {
    out.push_back({ActionCause::not_needed, why_not_needed(action)});
    if (action.print_always) out.push_back({ActionCause::shown, "others in the plan wait for it"});
  } else {
    add_required(action, ids, out);
  }
  if (!action.runnable) {
    out.push_back({ActionCause::blocked, action.why_not.empty() ? std::string("what it needs is not there") : action.why_not});
  }
  return out;
}

}  // namespace relevo::policy
