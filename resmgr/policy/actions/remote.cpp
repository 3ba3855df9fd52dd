// What runs behind a connection waits for it to come up, and ends before it goes down. Source: resmgr spec 2(a)
// stage 9.
#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

enum class Connection : std::uint8_t {
  unknown,  ///< not up, perhaps it comes up
  alive,
  resting,  ///< on the way somewhere else, or its host is lost
  failed,   ///< and it will not come up
  stopped,  ///< and stays so
};

/// The connection will not be anywhere.
Connection state_without_place(const Resource& connection, const Node& node, const Node* host) {
  if (host != nullptr && host->unclean) return Connection::failed;
  if (!connection.failed) return Connection::stopped;
  const auto* asked = find(node.attributes, "shutdown");
  const bool leaving =
      asked != nullptr && *asked != "0";  // by itself: a connection that stays down makes it look so, too
  const bool tried_again_later = connection.next_role == Role::stopped && connection.reconnect_interval.count() > 0 &&
                                 node.remote_was_fenced && !leaving;
  return tried_again_later ? Connection::unknown : Connection::failed;
}

Connection state_of(const Node& node) {
  const Resource& connection = *node.connection;
  const Node* host = active_node(connection);
  if (connection.next_role == Role::stopped || connection.assigned_to == nullptr) {
    return state_without_place(connection, node, host);
  }
  if (host == nullptr) return Connection::unknown;
  if (host->unclean || !host->online) return Connection::resting;
  const bool migrating = connection.running_on.size() > 1 && connection.partial_migration_source != nullptr &&
                         connection.partial_migration_target != nullptr;
  return migrating ? Connection::resting : Connection::alive;
}

void after_start(WorkingSet& set, Resource& first, Action& then, std::uint32_t extra = order::none) {
  new_ordering(set, &first, op_key(first.id, "start"), nullptr, then.rsc, {}, &then,
               order::preserve | order::runnable_left | extra);
}

/// Not bound to its being possible: a connection is closed even if somebody must not touch what runs behind it.
void before_stop(WorkingSet& set, Action& first, Resource& then, std::uint32_t extra = order::none) {
  new_ordering(set, first.rsc, {}, &first, &then, op_key(then.id, "stop"), nullptr, order::preserve | extra);
}

bool recurs(const Action& action) {
  const auto* interval = find(action.meta, "interval");
  return interval != nullptr && !interval->empty() && *interval != "0";
}

/// A migration needs both ends for as long as a stop would.
std::string_view task_of(const Action& action) {
  const std::string_view task = action.task;
  return task == "migrate_to" || task == "migrate_from" ? std::string_view("stop") : task;
}

void order_stop_behind(WorkingSet& set, Action& stop, Resource& connection, Connection state) {
  if (state == Connection::alive) {
    before_stop(set, stop, connection, order::implies_first);
  } else if (state == Connection::failed) {
    // Fencing is the only way to stop what runs there
    fence_node(set, *stop.node, "resources are active but connection is unrecoverable", false);
  } else if (connection.next_role == Role::stopped) {
    before_stop(set, stop, connection, order::implies_first);
  } else {
    after_start(set, connection, stop);
  }
}

void order_other_behind(WorkingSet& set, Action& action, Resource& connection, Connection state) {
  if (recurs(action)) {
    after_start(set, connection, action, order::implies_then);
    return;
  }
  if (action.task == "monitor" && state == Connection::failed) {
    fence_node(set, *action.node, "resources are in unknown state and connection is unrecoverable", false);
  }
  if (active_node(connection) != nullptr && state == Connection::stopped) {
    before_stop(set, action, connection, order::runnable_left);  // the last chance to learn what is active there
  } else {
    after_start(set, connection, action);
  }
}

void order_behind_connection(WorkingSet& set, Action& action, Resource& connection) {
  const Connection state = state_of(*action.node);
  const std::string_view task = task_of(action);
  if (task == "start" || task == "promote") {
    after_start(set, connection, action, state == Connection::failed ? order::implies_then : order::none);
  } else if (task == "stop") {
    order_stop_behind(set, action, connection, state);
  } else if (task == "demote") {
    // Not while it is torn down: a start that may not be would block the demote. The stop's order is enough then
    if (state == Connection::resting || state == Connection::unknown) after_start(set, connection, action);
  } else {
    order_other_behind(set, action, connection, state);
  }
}

void order_inside_container(WorkingSet& set, Action& action, Resource& connection, Resource& container) {
  if (container.failed) fence_node(set, *action.node, "container failed", false);
  const std::string_view task = task_of(action);
  if (task == "start" || task == "promote") {
    after_start(set, container, action, order::implies_then);  // recovered with its container
    after_start(set, connection, action);
  } else if (task == "stop" || task == "demote") {
    // Of a failed container they are implied by its stop
    if (!container.failed) before_stop(set, action, connection);
  } else if (!recurs(action)) {
    after_start(set, connection, action);
  } else if (action.task == "monitor") {
    after_start(set, connection, action, order::implies_then);
  }
}

/// What moves to a node behind a connection stays where it is until the connection is up.
void keep_until_connected(WorkingSet& set, Resource& connection, const Action& start) {
  for (Action* action : start.rsc->actions) {
    if (action->task != "stop" || action->node == nullptr || action->node == start.node) continue;
    new_ordering(set, &connection, op_key(connection.id, "start"), nullptr, start.rsc, {}, action, order::optional);
  }
}

void order_action(WorkingSet& set, Action& action) {
  if (action.rsc == nullptr) return;
  if (action.rsc->is_remote_connection && action.task == "clear_failcount") {
    new_ordering(set, action.rsc, {}, &action, action.rsc, op_key(action.rsc->id, "start"), nullptr, order::optional);
    return;
  }
  if (action.node == nullptr || !action.node->is_remote() || action.pseudo) return;
  Resource* connection = action.node->connection;
  if (connection == nullptr) return;
  if (action.task == "start") keep_until_connected(set, *connection, action);
  if (connection->container != nullptr) {
    order_inside_container(set, action, *connection, *connection->container);
  } else {
    order_behind_connection(set, action, *connection);
  }
}

}  // namespace

bool is_failed_remote_node(const Node& node) {
  return node.is_remote() && !node.is_guest() && node.connection != nullptr && state_of(node) == Connection::failed;
}

void order_remote_connections(WorkingSet& set) {
  if (!set.has_remotes) return;
  // The latest first: fencing takes the reason of the first that asks for it. Fencing actions may be added on the way
  for (std::size_t i = set.actions.size(); i-- > 0;) order_action(set, *set.actions[i]);
}

}  // namespace relevo::policy
