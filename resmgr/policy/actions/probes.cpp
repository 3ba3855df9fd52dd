// Probes: on each node where it is not known whether a resource is active there. Their place among the other actions is
// decided in probe_orderings.cpp.
#include <algorithm>

#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

template <class List, class Value>
bool contains(const List& list, const Value* value) {
  for (const auto* item : list) {
    if (item == value) return true;
  }
  return false;
}

/// The node's own attribute of old clusters asks for a probe of everything before anything else.
bool asks_for_reprobe(WorkingSet& set, Node& node) {
  const auto* probed = find(node.attributes, "probe_complete");
  if (probed == nullptr || is_true(*probed)) return false;
  Action& reprobe = custom_action(set, nullptr, fmt::format("probe_complete-{}", node.name), "probe_complete", &node, false);
  reprobe.meta.insert_or_assign("op_no_wait", "true");
  return true;
}

/// Neither fence devices nor what makes remote nodes reachable can run on those.
bool cannot_be_remote(const Resource& rsc, const Node& node) {
  if (!node.is_remote()) return false;
  return rsc.klass == "stonith" || (node.is_guest() && guest_connection_in(&rsc) != nullptr) || rsc.is_remote_connection;
}

/// `R:3` is `R` in every instance.
std::string_view without_number(std::string_view id) { return id.substr(0, id.rfind(':')); }

/// Of an anonymous clone any instance will do: in a cloned group, that member of any instance.
bool is_known_on(const Resource& rsc, const Node& node) {
  if (contains(rsc.known_on, &node)) return true;
  const Resource* parent = rsc.parent;
  if (parent == nullptr) return false;
  if (parent->is(Variant::clone)) return !parent->unique && contains(parent->known_on, &node);
  if (!parent->is_clone_instance() || parent->parent->unique) return false;
  for (const Resource* instance : parent->parent->children) {
    for (const Resource* member : instance->children) {
      const bool same = without_number(member->id) == without_number(rsc.id);
      if (same && contains(member->known_on, &node)) return true;
    }
  }
  return false;
}

/// Discovery is limited to some nodes, and this is none of them; or it is switched off here.
bool is_hidden(const Resource& rsc, const Node& node) {
  const NodeEntry* entry = rsc.allowed.find(node);
  const bool allowed = entry != nullptr && entry->allowed;
  if (rsc.exclusive_discovery || const_cast<Resource&>(rsc).top_inside().exclusive_discovery) {
    if (!allowed || entry->discovery != Discovery::exclusive) return true;
  }
  return (allowed ? entry->discovery : node.discovery) == Discovery::never;
}

/// Whether the guest will be stopped is not known yet: this is what makes it likely.
bool guest_will_stop(const Node& node, const Resource& guest) {
  if (node.remote_requires_reset || node.unclean || guest.failed || guest.next_role == Role::stopped) return true;
  return guest.role > Role::stopped && guest.assigned_to != nullptr && !contains(guest.running_on, guest.assigned_to);
}

/// On a guest that is down, or goes down, nothing is active: starts there wait for it instead of for a probe.
bool waits_for_guest(WorkingSet& set, Resource& rsc, const Node& node) {
  if (!node.is_guest()) return false;
  Resource& guest = *node.connection->container;
  if (guest.role == Role::stopped) {
    if (guest.assigned_to != nullptr && !contains(guest.known_on, guest.assigned_to)) {
      order_resources(set, guest, "monitor", rsc.top_inside(), "start", order::optional);
    }
    return true;
  }
  if (!guest_will_stop(node, guest)) return false;
  order_resources(set, guest, "stop", rsc.top_inside(), "start", order::optional);
  return true;
}

Action& schedule_probe(WorkingSet& set, Resource& rsc, Node& node) {
  Action& probe = rsc_action(set, rsc, "monitor", &node, false);
  probe.optional = false;
  order_after_unfencing(set, rsc, node, probe, order::optional);
  if (!contains(rsc.running_on, &node)) {
    expect_result(probe, 7);
  } else if (rsc.role == Role::promoted) {
    expect_result(probe, 8);
  }
  return probe;
}

bool is_reloaded(const Resource& rsc) {
  return std::any_of(rsc.actions.begin(), rsc.actions.end(), [](const Action* action) { return action->task == "reload-agent"; });
}

}  // namespace

bool probe_primitive(WorkingSet& set, Resource& rsc, Node& node) {
  if (!set.options.enable_startup_probes || cannot_be_remote(rsc, node)) return false;
  if (rsc.container != nullptr && !rsc.is_remote_connection) return false;  // found by its container
  if (rsc.removed || is_known_on(rsc, node) || is_hidden(rsc, node)) return false;
  if (waits_for_guest(set, rsc, node)) return false;

  Action& probe = schedule_probe(set, rsc, node);
  // Of a clone, the start of the whole waits
  Resource& outer = rsc.top_inside();
  Resource& starts = outer.is(Variant::clone) ? outer : rsc;
  // What cannot be probed cannot be started either; but what runs already goes on
  std::uint32_t flags = order::optional;
  if (!probe.runnable && rsc.running_on.empty()) flags |= order::runnable_left;
  new_ordering(set, &rsc, {}, &probe, &starts, op_key(starts.id, "start"), nullptr, flags);
  // Reloads are planned before probes are, and most resources have none
  if (is_reloaded(starts)) new_ordering(set, &rsc, {}, &probe, &starts, op_key(rsc.id, "reload-agent"), nullptr, order::optional);
  return true;
}

bool probe_all(WorkingSet& set, const std::vector<Resource*>& resources, Node& node) {
  bool any = false;
  for (Resource* rsc : resources) any |= probe(set, *rsc, node);
  return any;
}

bool probe(WorkingSet& set, Resource& rsc, Node& node) {
  switch (rsc.variant) {
    case Variant::clone: return probe_clone(set, rsc, node);
    case Variant::bundle: return probe_bundle(set, rsc, node);
    case Variant::group: return !cannot_be_remote(rsc, node) && probe_all(set, rsc.children, node);
    case Variant::primitive: break;
  }
  return probe_primitive(set, rsc, node);
}

void schedule_probes(WorkingSet& set) {
  if (!set.options.enable_startup_probes) return;
  for (Node* node : set.nodes) {
    if (!node->online) {
      if (is_failed_remote_node(*node)) fence_node(set, *node, "the connection is unrecoverable", false);
      continue;
    }
    if (node->unclean || !node->discovery_enabled || asks_for_reprobe(set, *node)) continue;
    probe_all(set, set.resources, *node);
  }
}

}  // namespace relevo::policy
