// Whether a remote or guest node is up: it is as its connection is, and a guest as its container, too.
#include <fmt/format.h>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {

void read_remote_status(Node& node) {
  const Resource* connection = node.connection;
  if (connection == nullptr) {  // was a remote node once
    node.online = false;
    return;
  }
  const Resource* container = connection->container;
  const Node* host = container != nullptr && connection->running_on.size() == 1 ? connection->running_on.front() : nullptr;
  if (connection->role == Role::started) {
    node.online = true;
    if (connection->next_role == Role::stopped) node.shutdown = true;
  }
  if (container != nullptr && container->failed) {
    node.online = false;
    node.remote_requires_reset = true;
  } else if (connection->failed) {
    node.online = false;
  } else if (connection->role == Role::stopped || (container != nullptr && container->role == Role::stopped)) {
    node.online = false;
    node.remote_requires_reset = false;
  } else if (host != nullptr && !host->online && host->unclean) {
    node.online = false;
    node.remote_requires_reset = true;
  }
}

void read_remote_attributes(WorkingSet& set, Node& node, pugi::xml_node node_state) {
  node.remote_maintenance = number_of(node_state, "node_in_maintenance", 0) != 0;
  if (!node.remote_requires_reset) {
    node.unclean = false;
    node.seen = true;
  }
  read_transient_attributes(set, node, node_state);
  if (shutdown_requested(node)) node.shutdown = true;
  if (attribute_is_true(node, "standby")) node.standby = true;
  const bool connection_unmanaged = node.connection != nullptr && !node.connection->managed;
  if (attribute_is_true(node, "maintenance") || connection_unmanaged) node.maintenance = true;

  const std::string* discovery = find(node.attributes, "resource-discovery-enabled");
  if (discovery == nullptr || is_true(*discovery)) return;
  if (!node.is_guest() && !set.options.stonith_enabled) {
    set.say(Notice::Level::warning, fmt::format("resource-discovery-enabled of {} is ignored because fencing is disabled", node.name));
  } else {
    node.discovery_enabled = false;
  }
}

}  // namespace relevo::policy::past
