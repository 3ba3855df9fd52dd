// The words of the policy engine: roles, policies, failures, what an action needs. No data, no behaviour.
#pragma once

#include <cstdint>
#include <string_view>

#include "resmgr/model/cluster_state.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::policy {

using model::MultipleActive;
using model::QuorumPolicy;
using model::Role;
using model::Score;

enum class Variant : std::uint8_t { primitive, group, clone, bundle };  ///< in ascending rank for colocation sorting
enum class NodeKind : std::uint8_t { cluster, remote };  ///< guests and bundle hosts are remote, with a container

/// What a failure leads to, in order of severity. Source: resmgr spec 2(a) stage 1.8.
enum class OnFail : std::uint8_t { ignore, demote, restart, reset_remote, restart_container, ban, block, stop, standby, fence };

/// What must hold before an action may run, in order of strictness.
enum class Needs : std::uint8_t { nothing, quorum, fencing };

/// Whether a resource may be probed on a node; `exclusive` also bans it from nodes that are not.
enum class Discovery : std::uint8_t { always, never, exclusive };

enum class Placement : std::uint8_t { standard, utilization, minimal, balanced };
enum class HealthStrategy : std::uint8_t { none, migrate_on_red, only_green, progressive, custom };
enum class LossPolicy : std::uint8_t { stop, demote, fence, freeze };

/// Why a score changed; the text for people is made from it late. One per kind of cause.
enum class Cause : std::uint8_t {
  node_score,       ///< `score` of the node element
  symmetric,        ///< the cluster allows every resource everywhere: where a sum begins
  allowed,          ///< where a sum begins on a node that is allowed by what speaks of it (opt-in clusters, the status)
  location,         ///< subject: constraint id
  rule,             ///< subject: rule id of a location constraint
  stickiness,
  node_health,
  migration_threshold,
  exclusive_discovery,
  shutdown_lock,
  colocation,       ///< subject: constraint id; the resource follows another
  colocated,        ///< subject: constraint id; another that follows it wishes so
  group_member,     ///< subject: the other member
  promotion,        ///< promotion score of the agent
  ticket,           ///< subject: ticket id
  failure,          ///< subject: operation key (hard error, stop failed, on-fail)
  multiple_active,
  orphan,
  remote_connection,
  container,
  clone_limit,      ///< clone-max or clone-node-max
  unmanaged,        ///< it stays where it is
  target_role,      ///< it shall not run
  capacity,         ///< utilization
  unavailable,      ///< the node cannot run resources
  quorum,
  instance,         ///< choice between instances of a clone
  nonnegative,      ///< subject: colocation id; what depends on a resource may not make a good node a bad one
  no_node,          ///< an instance without a node cannot be promoted
  next_role,        ///< its role was settled before instances were chosen
};
[[nodiscard]] std::string_view name(Cause cause);

/// What settled on which node a primitive is. Of equal scores the first rule that tells two nodes apart.
enum class Settled : std::uint8_t {
  nowhere,    ///< no usable node with a score that is not negative
  only,       ///< one such node
  score,      ///< the highest score
  capacity,   ///< equal scores, more free capacity (placement-strategy=balanced)
  fewest,     ///< equal scores, fewer resources assigned so far
  active,     ///< equal all over, and it runs there
  by_name,    ///< equal all over: the first by name
  stays,      ///< it runs there, and no node has a higher score
  preferred,  ///< the one that was asked for among equals: an instance stays, a replica's parts go together
  unmanaged,  ///< nobody may move it
  stopped     ///< stop-all-resources
};
[[nodiscard]] std::string_view name(Settled settled);

[[nodiscard]] std::string_view name(Role role);      ///< `Started`, `Stopped`, `Promoted`, `Unpromoted`, `Unknown`
[[nodiscard]] std::string_view name(OnFail on_fail);  ///< as in `on-fail`

}  // namespace relevo::policy
