// Why an action is in the plan, why it is not needed, or why it cannot run. Told after planning, from what was decided and
// from what was noted on the way; nothing is decided here.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

enum class ActionCause : std::uint8_t {
  decided,     ///< in the words of the stage that required it, as the transition summary shows them
  dependency,  ///< `from` is required, and that requires this
  parts,       ///< a collection's action: that of a part, `from`
  state,       ///< what the resource or the node is now, and what it shall be
  operation,   ///< the configuration asks for it: a recurring operation
  unknown,     ///< a probe: it is not known whether the resource is active there
  notification,
  capacity,    ///< a point in time: what frees capacity comes before it, what takes it after it
  not_needed,  ///< optional: things are as they shall be
  shown,       ///< optional, but in the graph for those that wait for it
  blocked      ///< it cannot run
};
[[nodiscard]] std::string_view name(ActionCause cause);

struct ActionReason {
  ActionCause cause = ActionCause::state;
  std::string text;
  const Action* from = nullptr;     ///< the other action, where there is one
  std::string_view constraint{};    ///< id of the ordering constraint between both, if it is one
};

/// Finds the ordering constraint behind a dependency. Points into the set.
class OrderingIds {
 public:
  explicit OrderingIds(const WorkingSet& set);
  /// Empty when the dependency comes from no constraint of the configuration.
  [[nodiscard]] std::string_view between(const Action& first, const Action& then) const;

 private:
  std::unordered_map<std::string, std::string_view> ids_;  ///< by both keys
};

/// At least one for every action.
[[nodiscard]] std::vector<ActionReason> reasons_of(const Action& action, const OrderingIds& ids);
/// `KEY` or `KEY on NODE`.
[[nodiscard]] std::string action_name(const Action& action);

}  // namespace relevo::policy
