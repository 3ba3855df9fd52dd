// The status section: node states first, then histories in as many passes as it takes, since what runs behind a connection
// can be believed only when the connection is known to be up. Source: resmgr spec 2(a) stage 1.4.
#include "resmgr/policy/unpack/status_pass.hpp"

#include <fmt/format.h>

#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

using namespace past;

namespace {

/// Can that node's history be understood already, by what is known of other nodes?
bool is_readable(const WorkingSet& set, const Node& node) {
  const Resource* connection = node.connection;
  if (node.is_guest()) {
    return connection != nullptr && connection->role == Role::started && connection->container != nullptr &&
           connection->container->role == Role::started;
  }
  if (node.is_remote()) return connection != nullptr && (set.options.shutdown_lock || connection->role == Role::started);
  // Without fencing, nodes that are up come first, so that their clone instances get the low numbers
  return set.options.stonith_enabled || set.options.shutdown_lock || node.online;
}

/// Reads the histories that can be read; all that are left, if asked. Whether there was one.
bool unpack_histories(Pass& pass, pugi::xml_node status, bool all) {
  bool progress = false;
  for (const auto node_state : status.children("node_state")) {
    Node* node = node_of(pass.set, node_state);
    if (node == nullptr || node->unpacked) continue;
    if (!all && !is_readable(pass.set, *node)) continue;
    node->state = node_state;  // of one that was only found in another's history
    if (node->is_remote()) {
      read_remote_status(*node);
      read_remote_attributes(pass.set, *node, node_state);
    }
    node->unpacked = true;
    unpack_history(pass, *node, node_state);
    progress = true;
  }
  return progress;
}

void stop_containers(Pass& pass) {
  for (auto at = pass.containers_to_stop.rbegin(); at != pass.containers_to_stop.rend(); ++at) {
    if (Node* node = active_node(**at); node != nullptr) rsc_action(pass.set, **at, "stop", node, false);
  }
}

void finish_remote_nodes(WorkingSet& set) {
  for (Node* node : set.nodes) {
    if (!node->is_remote()) continue;
    if (node->shutdown && node->connection != nullptr) set_next_role(*node->connection, Role::stopped, "remote shutdown");
    if (!node->unpacked) read_remote_status(*node);
  }
}

}  // namespace

void unpack_status(WorkingSet& set) {
  Pass pass(set);
  const auto status = set.cib.child("status");
  for (const auto child : status.children()) {
    const std::string_view name = child.name();
    if (name == "tickets") unpack_tickets(set, child);
    if (name == "node_state") unpack_node_state(set, child);
  }
  while (unpack_histories(pass, status, false)) {
  }
  unpack_histories(pass, status, set.options.stonith_enabled);
  stop_containers(pass);
  finish_remote_nodes(set);
}

}  // namespace relevo::policy
