// Marking nodes that cannot go on, the actions that fence them, and clearing fail counts. When fencing is carried out,
// and what it implies, is decided in resmgr/policy/actions.
#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view delay_name = "priority-fencing-delay";

/// A guest's container may run on a guest in turn; a status that says so in a circle ends at `depth`.
bool can_fence_inside(const WorkingSet& set, const Node& node, std::size_t depth) {
  if (node.is_guest()) {
    // By stopping its container, which can be done where the host is online or can be fenced itself
    const auto& hosts = node.connection->container->running_on;
    return depth < set.nodes.size() &&
           std::all_of(
               hosts.begin(), hosts.end(),
               [&](const Node* host) { return host->online || can_fence_inside(set, *host, depth + 1); });
  }
  if (!set.options.stonith_enabled || !set.has_stonith_resource) return false;
  return set.options.have_quorum || set.options.no_quorum_policy == QuorumPolicy::ignore || node.online;
}

void say_lost(WorkingSet& set, const Node& node, std::string_view kind, std::string_view reason) {
  const std::string_view what = can_fence(set, node) ? "will be fenced" : "is unclean";
  set.say(Notice::Level::warning, fmt::format("{} {} {}: {}", kind, node.name, what, reason));
}

/// A guest is fenced by recovering its container. It is not marked unclean: after the recovery it can run resources.
void fence_guest_node(WorkingSet& set, Node& node, std::string_view reason) {
  Resource& container = *node.connection->container;
  if (container.failed) return;
  if (!container.managed) {
    set.say(Notice::Level::notice,
            fmt::format("Not fencing guest node {} (otherwise would because {}): its guest resource {} is unmanaged",
                        node.name, reason, container.id));
    return;
  }
  set.say(Notice::Level::warning, fmt::format("Guest node {} will be fenced (by recovering its guest resource {}): {}",
                                              node.name, container.id, reason));
  node.remote_requires_reset = true;
  container.failed = true;
  container.needs_stop = true;
}

void fence_remote_node(WorkingSet& set, Node& node, std::string_view reason) {
  const Resource* connection = node.connection;
  if (connection != nullptr && !connection->managed) {
    set.say(Notice::Level::notice,
            fmt::format("Not fencing remote node {} (otherwise would because {}): connection is unmanaged", node.name,
                        reason));
  } else if (!node.remote_requires_reset) {
    node.remote_requires_reset = true;
    say_lost(set, node, "Remote node", reason);
  }
  node.unclean = true;
  fence_op(set, node, {}, true, reason, false);
}

/// The guest's container is gone from configuration and history alike; only its connection is left.
bool is_dangling_guest(const Node& node) {
  return node.is_remote() && node.connection != nullptr && node.connection->container == nullptr &&
         node.connection->removed_filler;
}

/// The delay that gives the partition with more important resources a head start.
std::chrono::seconds fencing_delay(const WorkingSet& set, const Node& target) {
  const auto delay = std::chrono::duration_cast<std::chrono::seconds>(set.options.priority_fencing_delay);
  if (delay.count() <= 0 || target.is_remote() || target.online) return {};
  int members = 0;
  int online = 0;
  int top = target.priority;
  int lowest = target.priority;
  for (const Node* node : set.nodes) {
    if (node->is_remote()) continue;
    ++members;
    if (node->online) ++online;
    top = std::max(top, node->priority);
    lowest = std::min(lowest, node->priority);
  }
  if (online > members / 2 || lowest == top || target.priority < top) return {};
  return delay;
}

void find_unfencing_devices(const std::vector<Resource*>& candidates, std::vector<Resource*>& found) {
  for (Resource* candidate : candidates) {
    if (!candidate->children.empty()) {
      find_unfencing_devices(candidate->children, found);
    } else if (candidate->is_stonith) {
      const auto* provides = find(candidate->meta, "provides");
      if (candidate->needs_unfencing || (provides != nullptr && *provides == "unfencing")) found.push_back(candidate);
    }
  }
}

/// Notes the devices' parameters in the action; true when one of them changed since the node was unfenced.
bool add_device_digests(WorkingSet& set, Node& node, Action& action) {
  std::vector<Resource*> devices;
  find_unfencing_devices(set.resources, devices);
  std::reverse(devices.begin(), devices.end());
  std::string all;
  std::string secure;
  bool changed = false;
  for (Resource* device : devices) {
    const std::string& agent = device->type;
    const auto digests = compare_unfencing_digests(set, *device, agent, node);
    if (digests.match == DigestMatch::changed) {
      changed = true;
      set.say(Notice::Level::notice,
              fmt::format("Unfencing node {} because the definition of {} changed", node.name, device->id));
    }
    fmt::format_to(std::back_inserter(all), "{}:{}:{},", device->id, agent, digests.all);
    fmt::format_to(std::back_inserter(secure), "{}:{}:{},", device->id, agent, digests.secure);
  }
  action.meta.insert_or_assign("digests-all", all);
  action.meta.insert_or_assign("digests-secure", secure);
  return changed;
}

}  // namespace

void fence_node(WorkingSet& set, Node& node, std::string_view reason, bool priority_delay) {
  if (node.is_guest()) {
    fence_guest_node(set, node, reason);
  } else if (is_dangling_guest(node)) {
    set.say(Notice::Level::info,
            fmt::format("Cleaning up dangling connection for guest node {}: fencing was already done because {}, and "
                        "guest resource no longer exists",
                        node.name, reason));
    node.connection->failed = true;
    node.connection->needs_stop = true;
  } else if (node.is_remote()) {
    fence_remote_node(set, node, reason);
  } else if (!node.unclean) {
    say_lost(set, node, "Cluster node", reason);
    node.unclean = true;
    fence_op(set, node, {}, true, reason, priority_delay);
  }
}

Action& fence_op(WorkingSet& set, Node& node, std::string_view operation, bool optional, std::string_view reason,
                 bool priority_delay) {
  const std::string_view op = operation.empty() ? std::string_view(set.options.stonith_action) : operation;
  Action& action = custom_action(set, nullptr, fmt::format("stonith-{}-{}", node.name, op), "stonith", &node, true);
  const bool made_now = action.meta.find("stonith_action") == action.meta.end();
  if (made_now) {
    action.meta.insert_or_assign("on_node", node.name);
    action.meta.insert_or_assign("on_node_uuid", node.id);
    action.meta.insert_or_assign("stonith_action", std::string(op));
    if (op != "on") node.fencing = &action;
    if (set.has_unfencing && add_device_digests(set, node, action)) optional = false;
  }
  // Calculated again at each call: the priorities of nodes are known only after their histories are read
  if (set.options.priority_fencing_delay.count() > 0 && (priority_delay || find(action.meta, delay_name) != nullptr)) {
    action.meta.insert_or_assign(std::string(delay_name), fmt::format("{}", fencing_delay(set, node).count()));
  }
  if (!optional && can_fence(set, node)) {
    require(action, reason);
  } else if (!reason.empty()) {
    set_reason(action, reason, false);
  }
  return action;
}

bool can_fence(const WorkingSet& set, const Node& node) { return can_fence_inside(set, node, 0); }

Action& clear_fail_count(WorkingSet& set, Resource& rsc, Node& node, std::string_view reason) {
  Action& action = custom_action(set, &rsc, op_key(rsc.id, "clear_failcount"), "clear_failcount", &node, false);
  action.meta.insert_or_assign("op_no_wait", "true");
  set_reason(action, reason, false);
  set.say(Notice::Level::notice, fmt::format("Clearing failure of {} on {} because {}", rsc.id, node.name, reason));
  return action;
}

}  // namespace relevo::policy
