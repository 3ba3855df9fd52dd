// Whether a cluster node is up, joining, leaving, down, or in a state that only fencing can clear up. Remote and guest nodes
// are in node_status_remote.cpp. Source: resmgr spec 2(a) stage 1.5.
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

/// What the layers below and the leader say about a node.
struct Reports {
  bool known = false;    ///< membership has said something
  bool member = false;
  bool process = false;  ///< its controller is in the group
  std::string_view join, expected;
};

/// `true`, or since when (newer writers).
bool is_set(std::string_view text) { return is_true(text) || parse_int(text).value_or(0) > 0; }

Reports reports_of(pugi::xml_node state) {
  const auto member = state.attribute("in_ccm");
  const std::string_view process = state.attribute("crmd").value();
  return {.known = !member.empty(),
          .member = is_set(member.value()),
          .process = equals_ignoring_case(process, "online") || is_set(process),
          .join = state.attribute("join").value(),
          .expected = state.attribute("expected").value()};
}

bool is(std::string_view state, std::string_view word) { return equals_ignoring_case(state, word); }

/// Attribute `terminate`: true, or the time at which somebody asked for it.
bool termination_requested(const Node& node) {
  const std::string* value = find(node.attributes, "terminate");
  if (value == nullptr || value->empty()) return false;
  return is_true(*value) || ((*value)[0] >= '1' && (*value)[0] <= '9');
}

bool online_without_fencing(WorkingSet& set, Node& node, const Reports& reports) {
  if (!reports.member) return false;
  if (reports.process) return is(reports.join, "member");
  if (node.expected_up) fence_node(set, node, "peer is unexpectedly down", false);
  return false;
}

void hold_back(Node& node) {
  node.standby = true;
  node.pending = true;
}

/// Of a node that membership and group both see.
void check_join(WorkingSet& set, Node& node, const Reports& reports) {
  if (is(reports.join, "member")) return;
  if (is(reports.join, "pending") || is(reports.join, "down")) {
    hold_back(node);
  } else {
    fence_node(set, node, "peer was in an unknown state", false);
  }
}

bool online_with_fencing(WorkingSet& set, Node& node, const Reports& reports) {
  const bool terminate = termination_requested(node);
  const bool expected_down = reports.expected.empty() || is(reports.expected, "down");
  if (node.shutdown) return reports.process;  // a dead peer cannot be asked to leave

  if (!reports.known) {
    fence_node(set, node, "peer has not been seen by the cluster", false);
  } else if (is(reports.join, "banned")) {
    fence_node(set, node, "peer failed Pacemaker membership criteria", false);
  } else if (!terminate && expected_down) {
    if (reports.member || reports.process) hold_back(node);
  } else if (terminate && is(reports.join, "down") && !reports.member && !reports.process) {
    return false;  // it was shot a moment ago
  } else if (!reports.member) {
    fence_node(set, node, "peer is no longer part of the cluster", true);
  } else if (!reports.process) {
    fence_node(set, node, "peer process is no longer available", false);
  } else if (terminate) {
    fence_node(set, node, "termination was requested", false);
  } else {
    check_join(set, node, reports);
  }
  return reports.member;
}

void read_online_status(WorkingSet& set, Node& node, pugi::xml_node state) {
  const Reports reports = reports_of(state);
  node.shutdown = shutdown_requested(node);
  node.expected_up = !node.shutdown && is(reports.expected, "member");
  const bool online = set.options.stonith_enabled ? online_with_fencing(set, node, reports) : online_without_fencing(set, node, reports);
  if (online) node.online = true;
  if (!online || node.shutdown) node.score = Score(-Score::infinity);
  if (node.unclean) set.say(Notice::Level::warning, fmt::format("Node {} is unclean", node.name));
}

}  // namespace

Node* node_of(const WorkingSet& set, pugi::xml_node node_state) {
  const auto id = node_state.attribute("id"), name = node_state.attribute("uname");
  if (id.empty() || name.empty()) return nullptr;
  Node* node = set.find_node_id(id.value());
  return node != nullptr ? node : set.find_node(name.value());
}

void unpack_node_state(WorkingSet& set, pugi::xml_node node_state) {
  Node* node = node_of(set, node_state);
  if (node == nullptr) {
    const std::string_view name = node_state.attribute("uname").value();
    set.say(Notice::Level::warning, name.empty() ? std::string("A node state without id or name is ignored")
                                                 : fmt::format("The state of node {} is ignored: it is not in the configuration", name));
    return;
  }
  node->state = node_state;
  if (node->is_remote()) {
    // Whether it is up depends on resources; whether it was fenced is needed while these are read
    node->remote_was_fenced = number_of(node_state, "node_fenced", 0) != 0;
    return;
  }
  read_transient_attributes(set, *node, node_state);
  if (attribute_is_true(*node, "standby")) node->standby = true;
  if (attribute_is_true(*node, "maintenance")) node->maintenance = true;
  node->unclean = false;
  node->seen = true;
  read_online_status(set, *node, node_state);
  if (!set.options.have_quorum && node->online && set.options.no_quorum_policy == QuorumPolicy::suicide) {
    fence_node(set, *node, "cluster does not have quorum", false);
  }
}

}  // namespace relevo::policy::past
