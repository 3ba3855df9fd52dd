// Who cannot reach its role because it must be where another resource cannot be. See fixed_point.hpp.
#include <fmt/format.h>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/constraints/fixed_point.hpp"

namespace relevo::policy {
namespace {

constexpr int deepest = 300;

/// One part of a collection that reaches the role is enough for others to go there.
bool any_part_can(const Resource& rsc, std::string_view task) {
  for (const Resource* child : rsc.children) {
    const Action* action = find_first_action(*child, {}, task, nullptr);
    if (action == nullptr || action->runnable) return true;
  }
  return false;
}

}  // namespace

void FixedPoint::block_dependents(const Action& action) {
  const bool is_start = action.task == "start";
  if (action.runnable || action.rsc == nullptr || (!is_start && action.task != "promote")) return;
  if (depth_ >= deepest) {
    unblocked_.push_back(&action);
    return;
  }
  Resource& whole = action.rsc->top();
  if (any_part_can(whole, action.task)) return;
  ++depth_;
  for (const Colocation* colocation : with_this_colocations(whole, whole)) {
    if (colocation->score < Score::infinity) continue;
    if (!is_start && colocation->primary_role != Role::promoted) continue;
    const bool promoted = colocation->dependent_role == Role::promoted;
    block_for_colocation(*colocation->dependent, promoted ? "promote" : "start", *action.rsc);
  }
  --depth_;
}

void FixedPoint::block_for_colocation(Resource& rsc, std::string_view task, const Resource& reason) {
  const std::string text = fmt::format("colocation with {}", reason.id);
  for (std::size_t i = rsc.actions.size(); i-- > 0;) {
    Action& action = *rsc.actions[i];
    if (!action.runnable || action.task != task) continue;
    block(action, text);
    set_reason(action, text, false);
    block_dependents(action);
    update(action);
  }
  for (Resource* child : rsc.children) block_for_colocation(*child, task, reason);
}

}  // namespace relevo::policy
