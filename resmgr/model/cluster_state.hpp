// The cluster as the scheduler and the displays see it: configuration and status resolved into one value.
// Not the document itself (cib), not a decision (scheduler): cib::unpack() makes it, nobody changes it afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/model/history.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::model {

using NvMap = std::map<std::string, std::string>;

/// Ordered: comparisons rely on it. Source: resmgr spec 2(a), "Data model to keep".
enum class Role : std::uint8_t { unknown, stopped, started, unpromoted, promoted };

/// What a failure leads to, in order of severity. Source: resmgr spec 2(a) stage 1.8.
enum class OnFail : std::uint8_t { ignore, demote, restart, ban, block, stop, standby, fence };

enum class QuorumPolicy : std::uint8_t { stop, ignore, freeze, demote, suicide };
enum class MultipleActive : std::uint8_t { stop_start, block, stop_only, stop_unexpected };
/// What must hold before a resource may start. Source: Pacemaker Explained, `requires`.
enum class Requires : std::uint8_t { nothing, quorum, fencing, unfencing };

/// Cluster options with their defaults. Source: resmgr spec 1.2.
struct Options {
  bool have_quorum = false;  ///< `have-quorum` of the cib element
  QuorumPolicy no_quorum_policy = QuorumPolicy::stop;
  bool symmetric_cluster = true;
  bool stop_all_resources = false;
  bool start_failure_is_fatal = true;
  bool maintenance_mode = false;
  bool stonith_enabled = true;
  bool startup_fencing = true;
  bool have_watchdog = false;
  bool enable_startup_probes = true;
  bool stop_orphan_resources = true;
  bool stop_orphan_actions = true;
  std::string stonith_action = "reboot";
  std::chrono::milliseconds stonith_timeout{60'000};
  std::chrono::milliseconds cluster_delay{60'000};
  std::chrono::milliseconds cluster_recheck_interval{900'000};
  int batch_limit = 0;        ///< 0 = chosen by the controller, -1 = none
  int node_action_limit = 0;  ///< 0 = twice the cores
  std::string dc_uuid;
  NvMap set;  ///< every option as written in the configuration
};

struct Node {
  std::string id, uname;
  bool seen = false;  ///< has a node_state
  bool online = false;
  bool unclean = false;
  bool pending = false;  ///< joining: not ready for resources yet
  bool standby = false;
  bool standby_on_fail = false;  ///< standby only because of a failure with on-fail=standby
  bool maintenance = false;
  bool shutdown = false;  ///< asked to leave
  bool expected_up = false;
  std::string unclean_reason;
  Score score;       ///< `score` of the node element
  NvMap attributes;  ///< permanent
  NvMap transient;   ///< from status
  /// Transient first, then permanent; empty when unset.
  [[nodiscard]] std::string attribute(const std::string& name) const;
  /// May resources run here at all? Source: resmgr spec 2(a) stage 2-4.
  [[nodiscard]] bool available() const {
    return online && !unclean && !standby && !maintenance && !shutdown && !pending;
  }
};

/// One configured operation with its defaults resolved.
struct OperationSpec {
  std::string id, name;
  std::chrono::milliseconds interval{0}, timeout{20'000}, start_delay{0};
  OnFail on_fail = OnFail::restart;
  bool on_fail_set = false;  ///< written in the configuration, not defaulted
  bool enabled = true;
  bool configured = true;     ///< false: implied (start, stop, probe), all from op_defaults
  Role role = Role::unknown;  ///< unknown = any active role
  NvMap meta;                 ///< everything set for it, defaults included
  NvMap parameters;           ///< instance attributes of the operation (OCF_CHECK_LEVEL)
};

/// One reason why a resource may not run somewhere, found in the history.
struct Ban {
  std::string rule;  ///< `hard-error`, `fatal-error`, `stop-failure`, `on-fail-stop`, `on-fail-ban`, `multiple-active`,
                     ///< `orphan`
  std::string text;
};

struct FailCount {
  int count = 0;      ///< as stored; INFINITY = 1,000,000
  int effective = 0;  ///< 0 once failure-timeout has passed
  WallTime last_failure;
  bool expired = false;      ///< to be cleared
  std::string clear_reason;  ///< set when a clear is due
};

/// A primitive: what is configured, and what the history says about it.
struct Resource {
  std::string id, klass, provider, type;
  std::string parent;                     ///< enclosing group, clone or bundle, or empty
  NvMap parameters;                       ///< instance attributes
  NvMap meta;                             ///< own, then the parents', then rsc_defaults
  std::vector<OperationSpec> operations;  ///< start, stop and the probe are always among them

  int priority = 0;
  Score stickiness;
  int migration_threshold = Score::infinity;  ///< 0 = never
  std::chrono::seconds failure_timeout{0};    ///< 0 = never
  MultipleActive multiple_active = MultipleActive::stop_start;
  Requires requires_what = Requires::fencing;
  Role target_role = Role::unknown;  ///< unknown = not set
  bool critical = true;

  bool orphan = false;    ///< in the history, not in the configuration
  bool supported = true;  ///< false: part of something listed in ClusterState::unsupported
  bool managed = true;    ///< what the cluster may act on, after options, metas and failures
  bool maintenance = false;
  bool blocked = false;
  bool failed = false;
  bool failure_ignored = false;
  bool start_pending = false;  ///< a start is in flight
  bool agent_changed = false;  ///< class, provider or type differ from the history's: stop and clean up

  Role role = Role::stopped;       ///< now, the highest over all nodes
  Role next_role = Role::unknown;  ///< target-role or a failure; unknown = as started as may be
  std::string next_role_reason;
  std::vector<std::string> active_on;  ///< node names, sorted; more than one = multiply active
  std::set<std::string> failed_on;     ///< nodes on which it is failed and must be stopped first
  std::set<std::string> kept_on;       ///< nodes where it is active and was unmanaged before any failure was looked at
  std::set<std::string> lost_on;       ///< offline nodes where the history says it was active (fencing off)
  std::set<std::string> known_on;      ///< nodes with a probe or any other result
  std::string pending_task, pending_node;                    ///< for displays: what is in flight
  std::map<std::string, std::vector<Ban>> bans;              ///< node name -> reasons; "" = every node
  std::map<std::string, FailCount> fail_counts;              ///< by node name
  std::map<std::string, std::vector<HistoryEntry>> history;  ///< by node name, oldest first

  [[nodiscard]] bool active() const { return !active_on.empty(); }
  [[nodiscard]] bool is_stonith() const { return klass == "stonith"; }
  /// `ocf:heartbeat:IPaddr2`, `systemd:nginx`.
  [[nodiscard]] std::string agent() const;
  [[nodiscard]] const OperationSpec* operation(std::string_view name, std::chrono::milliseconds interval) const;
};

enum class CollectionKind : std::uint8_t { group, clone, bundle };

/// A group, clone or bundle: a parent of resources.
struct Collection {
  CollectionKind kind = CollectionKind::group;
  std::string id;
  std::vector<std::string> members;  ///< ids of resources or collections, document order
  NvMap meta;
  bool supported = false;
};

/// A location constraint with its rule already evaluated for every node.
struct Location {
  std::string id;
  std::string resource;                 ///< a resource or collection
  std::map<std::string, Score> scores;  ///< by node name; nodes it says nothing about are absent
  Role role = Role::unknown;
  std::string rule;       ///< id of the rule, or empty for node and score
  std::string discovery;  ///< resource-discovery, or empty
};

struct Colocation {
  std::string id, dependent, with;
  Score score;
};

/// kind: Mandatory, Optional, Serialize.
struct Ordering {
  enum class Kind : std::uint8_t { mandatory, optional, serialize };
  std::string id, first, then;
  std::string first_action = "start", then_action = "start";
  Kind kind = Kind::mandatory;
  bool symmetrical = true;
};

/// One line of "Failed Resource Actions".
struct Failure {
  std::string resource, node;
  HistoryEntry entry;
};

struct ClusterState {
  Options options;
  std::vector<Node> nodes;              ///< sorted by uname
  std::vector<Resource> resources;      ///< primitives in document order, orphans last
  std::vector<Collection> collections;  ///< document order, outer before inner
  std::vector<std::string> top_level;   ///< ids of what stands directly in `resources`, document order, then orphans
  std::vector<Location> locations;
  std::vector<Colocation> colocations;
  std::vector<Ordering> orderings;
  std::vector<Failure> failures;  ///< sorted by resource, then node
  bool has_fence_device = false;
  std::vector<std::string> unsupported;  ///< "clone 'x' is not supported yet: it is left alone"
  std::vector<std::string> warnings;     ///< values that were not understood, and what is used instead
  std::optional<WallTime> recheck_at;    ///< when the state changes by itself (expiring failures, rules)

  [[nodiscard]] const Node* node(std::string_view uname) const;
  [[nodiscard]] const Node* node_by_id(std::string_view id) const;
  [[nodiscard]] const Resource* resource(std::string_view id) const;
  [[nodiscard]] const Collection* collection(std::string_view id) const;
};

[[nodiscard]] std::string_view to_string(Role role);       ///< Stopped, Started, Unpromoted, Promoted, Unknown
[[nodiscard]] std::string_view to_string(OnFail on_fail);  ///< restart, block, ...
/// Accepts the older Slave and Master too; any case.
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);
[[nodiscard]] std::optional<OnFail> parse_on_fail(std::string_view text);
[[nodiscard]] std::optional<QuorumPolicy> parse_quorum_policy(std::string_view text);

}  // namespace relevo::model
