// Connections, hosts and nodes that go down, see routing.hpp.
#include "resmgr/policy/graph/routing.hpp"

#include <algorithm>
#include <array>

#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

/// The task that counts: a notification stands for the operation that it tells of.
std::string_view deciding_task(const Action& action) {
  if (action.task != "notify" && action.task != "notified") return action.task;
  const auto operation = action.meta.find("notify_operation");
  return operation == action.meta.end() ? std::string_view() : std::string_view(operation->second);
}

/// What has to be done before a connection may leave its host.
bool precedes_the_move(std::string_view task) {
  static constexpr std::array tasks{"cancel", "stop", "demote", "migrate_from", "migrate_to"};
  return std::find(tasks.begin(), tasks.end(), task) != tasks.end();
}

bool takes_node_down(std::string_view fencing) {
  return fencing == "off" || fencing == "reboot" || fencing == "poweroff";
}

void add_guests(const WorkingSet& set, const Node& host, std::vector<std::string_view>& down) {
  for (const Resource* rsc : host.running) {
    if (!rsc->is_remote_connection || rsc->container == nullptr) continue;
    if (const Node* guest = set.find_node(rsc->id); guest != nullptr) down.push_back(guest->id);
  }
}

bool ends_a_migration(const Action& stop) {
  return std::any_of(stop.before.begin(), stop.before.end(), [&](const Dependency& input) {
    return input.action->rsc == stop.rsc && input.action->task == "migrate_from";
  });
}

}  // namespace

const Node* router_of(const Action& action) {
  if (action.node == nullptr || !action.node->is_remote() || action.task == "stonith") return nullptr;
  const Resource* connection = action.node->connection;
  if (connection == nullptr) return nullptr;
  const Node* from = active_node(*connection);
  const Node* to = connection->assigned_to;
  if (from == nullptr || to == nullptr || from == to) return from == nullptr ? to : from;
  // A connection that is half way through a migration starts on the target before anything else happens behind it.
  const bool half_moved = connection->container == nullptr && connection->partial_migration_target != nullptr;
  const std::string_view task = action.task == "notify" ? deciding_task(action) : std::string_view(action.task);
  return !half_moved && precedes_the_move(task) ? from : to;
}

std::vector<std::string_view> taken_down_by(const WorkingSet& set, const Action& action) {
  std::vector<std::string_view> down;
  if (action.node == nullptr) return down;
  if (action.task == "do_shutdown") {
    down.push_back(action.node->id);
  } else if (action.task == "stonith") {
    const auto operation = action.meta.find("stonith_action");
    if (operation == action.meta.end() || !takes_node_down(operation->second)) return down;
    down.push_back(action.node->id);
    add_guests(set, *action.node, down);
  } else if (action.rsc != nullptr && action.rsc->is_remote_connection && action.task == "stop") {
    if (!ends_a_migration(action)) down.push_back(action.rsc->id);
  }
  return down;
}

const Node* physical_host(const Action& action) {
  if (action.node == nullptr || !action.node->is_guest()) return nullptr;
  const Resource& container = *action.node->connection->container;
  const std::string_view task = deciding_task(action);
  static constexpr std::array down{"stop", "stopped", "demote", "demoted"};
  static constexpr std::array up{"start", "running", "monitor", "promote", "promoted"};
  if (std::find(down.begin(), down.end(), task) != down.end()) return active_node(container);
  if (std::find(up.begin(), up.end(), task) != up.end()) return container.assigned_to;
  return nullptr;
}

}  // namespace relevo::policy
