// Names of the policy engine's words; see types.hpp.
#include "resmgr/policy/set/types.hpp"

#include <array>

namespace relevo::policy {

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::node_score: return "score of the node";
    case Cause::symmetric: return "allowed everywhere by default";
    case Cause::allowed: return "allowed by name";
    case Cause::location: return "location constraint";
    case Cause::rule: return "rule";
    case Cause::stickiness: return "stickiness";
    case Cause::node_health: return "node health";
    case Cause::migration_threshold: return "migration-threshold reached";
    case Cause::exclusive_discovery: return "exclusive resource-discovery";
    case Cause::shutdown_lock: return "shutdown lock";
    case Cause::colocation: return "colocation";
    case Cause::colocated: return "wish of a colocated resource";
    case Cause::group_member: return "group";
    case Cause::promotion: return "promotion score";
    case Cause::ticket: return "ticket";
    case Cause::failure: return "failed operation";
    case Cause::multiple_active: return "active on several nodes";
    case Cause::orphan: return "removed from the configuration";
    case Cause::remote_connection: return "remote connection";
    case Cause::container: return "container";
    case Cause::clone_limit: return "limit of the clone";
    case Cause::unmanaged: return "not managed";
    case Cause::target_role: return "target-role";
    case Cause::capacity: return "capacity";
    case Cause::unavailable: return "node not available";
    case Cause::quorum: return "quorum";
    case Cause::instance: return "choice between instances";
    case Cause::nonnegative: return "wish of a colocated resource, no further than this";
    case Cause::no_node: return "no node";
    case Cause::next_role: return "role settled before";
  }
  return "";
}

std::string_view name(Settled settled) {
  switch (settled) {
    case Settled::nowhere: return "no node can run it";
    case Settled::only: return "the only node that can run it";
    case Settled::score: return "the highest score";
    case Settled::capacity: return "equal scores, more free capacity";
    case Settled::fewest: return "equal scores, fewer resources";
    case Settled::active: return "equal in everything else, and it runs there";
    case Settled::by_name: return "equal in everything: the first by name";
    case Settled::stays: return "it runs there, and no node has a higher score";
    case Settled::preferred: return "equal scores, and this one was asked for";
    case Settled::unmanaged: return "it is not managed and stays where it is";
    case Settled::stopped: return "stop-all-resources";
  }
  return "";
}

std::string_view name(Role role) {
  switch (role) {
    case Role::stopped: return "Stopped";
    case Role::started: return "Started";
    case Role::unpromoted: return "Unpromoted";
    case Role::promoted: return "Promoted";
    case Role::unknown: return "Unknown";
  }
  return "Unknown";
}

std::string_view name(OnFail on_fail) {
  static constexpr std::array<std::string_view, 10> names{"ignore", "demote", "restart", "reset-remote", "restart-container",
                                                          "migrate", "block", "stop", "standby", "fence"};
  return names[static_cast<std::size_t>(on_fail)];
}

}  // namespace relevo::policy
