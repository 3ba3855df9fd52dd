// Unfencing: a node gets its access back before anything that needs it is done there.
#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {
namespace {

bool can_be_unfenced(const Node& node) { return node.online && !node.unclean && !node.shutdown; }

void unfence(WorkingSet& set, Node& node, std::string_view reason, Action* dependency) {
  Action& on = fence_op(set, node, "on", false, reason, false);
  if (dependency != nullptr) order_actions(on, *dependency, order::optional);
}

}  // namespace

bool is_unfenced(const Node& node) {
  const auto at = node.attributes.find("#node-unfenced");
  return at != node.attributes.end() && at->second != "0";
}

void trigger_unfencing(WorkingSet& set, Resource* device, Node* node, std::string_view reason, Action* dependency) {
  if (!set.has_unfencing || (device != nullptr && !device->is_stonith)) return;
  if (node != nullptr && can_be_unfenced(*node)) {
    unfence(set, *node, reason, dependency);
  } else if (device != nullptr) {
    for (Node* other : set.nodes) {
      const NodeEntry* entry = device->allowed.find(*other);
      if (entry != nullptr && entry->allowed && can_be_unfenced(*other)) unfence(set, *other, reason, dependency);
    }
  }
}

void order_after_unfencing(WorkingSet& set, const Resource& rsc, Node& node, Action& action, std::uint32_t flags) {
  // Devices, too: many that unfence can neither be probed nor started on a node that is not yet unfenced
  if (!rsc.needs_unfencing && !(rsc.is_stonith && set.has_unfencing)) return;
  // Optional at first: a new resource is no reason to unfence a node that runs others
  Action& on = fence_op(set, node, "on", true, {}, false);
  order_actions(on, action, flags);
  if (!is_unfenced(node)) trigger_unfencing(set, nullptr, &node, fmt::format("required by {} {}", rsc.id, action.task), nullptr);
}

}  // namespace relevo::policy
