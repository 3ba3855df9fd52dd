// Stopping on one node, and deleting the history there. Why is the caller's business.
#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {

void schedule_stop(WorkingSet& set, Resource& rsc, Node& node, bool optional) {
  Action& stop = rsc_action(set, rsc, "stop", &node, optional);
  if (rsc.assigned_to == nullptr) {
    set_reason(stop, "node availability", true);
  } else if (rsc.restarting && rsc.stop_unexpected) {
    set_reason(stop, "being multiply active", true);
  }
  if (!rsc.managed) block(stop, "resource is unmanaged");
  if (set.options.remove_after_stop) schedule_cleanup(set, rsc, node, optional);
  if (rsc.needs_unfencing) {
    Action& unfence = fence_op(set, node, "on", true, {}, false);
    order_actions(stop, unfence, order::implies_first);
    if (!is_unfenced(node)) {
      set.say(Notice::Level::error, fmt::format("Stopping {} until {} can be unfenced", rsc.id, node.name));
    }
  }
}

void schedule_cleanup(WorkingSet& set, Resource& rsc, const Node& node, bool optional) {
  if (rsc.failed || node.unclean || !node.online) return;
  set.say(Notice::Level::notice, fmt::format("Scheduling clean-up of {} on {}", rsc.id, node.name));
  rsc_action(set, rsc, "delete", set.all_nodes.size() > node.index ? &set.all_nodes[node.index] : nullptr, optional);
  // When it is required, its orderings matter only if both ends happen; when not, it follows from the stop
  const std::uint32_t flags = optional ? order::implies_then : order::optional;
  order_resources(set, rsc, "stop", rsc, "delete", flags);
  order_resources(set, rsc, "delete", rsc, "start", flags);
}

}  // namespace relevo::policy
