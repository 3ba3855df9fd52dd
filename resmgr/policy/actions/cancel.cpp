// Ending recurring operations, and setting them up again. When is decided in recurring.cpp and config_changes.cpp.
#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {

Action& new_cancel_action(WorkingSet& set, Resource& rsc, std::string_view task, std::chrono::milliseconds interval, Node& node) {
  Action& cancel = custom_action(set, &rsc, op_key(rsc.id, task, interval), "cancel", &node, false);
  cancel.task = "cancel";  // the key may have been the operation's own until now
  cancel.cancel_task = task;
  cancel.meta.try_emplace("operation", std::string(task));
  cancel.meta.try_emplace("interval", fmt::format("{}", interval.count()));
  return cancel;
}

void schedule_cancel(WorkingSet& set, Resource& rsc, std::string_view call_id, std::string_view task, std::chrono::milliseconds interval,
                     Node& node, std::string_view reason) {
  if (task.empty() || interval.count() <= 0) return;
  set.say(Notice::Level::info, fmt::format("Recurring {}-interval {} for {} will be stopped on {}: {}", interval.count(), task, rsc.id,
                                           node.name, reason));
  Action& cancel = new_cancel_action(set, rsc, task, interval, node);
  cancel.meta.try_emplace("call-id", std::string(call_id));
  set_reason(cancel, reason, false);
  new_ordering(set, &rsc, op_key(rsc.id, "stop"), nullptr, &rsc, {}, &cancel, order::optional);
}

void reschedule_recurring(WorkingSet& set, Resource& rsc, std::string_view task, std::chrono::milliseconds interval, Node& node) {
  trigger_unfencing(set, &rsc, &node, "Device parameters changed (reschedule)", nullptr);
  Action& op = custom_action(set, &rsc, op_key(rsc.id, task, interval), task, &node, true);
  op.reschedule = true;
}

}  // namespace relevo::policy
