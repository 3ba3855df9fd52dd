// All that one plan is made from and all that is decided on the way. Objects live as long as it; pointers never move.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/policy/set/action.hpp"
#include "resmgr/policy/set/constraint.hpp"
#include "resmgr/policy/set/node.hpp"
#include "resmgr/policy/set/resource.hpp"

namespace relevo::policy {

/// Cluster options with their defaults. Source: resmgr spec 1.2.
struct Options {
  QuorumPolicy no_quorum_policy = QuorumPolicy::stop;
  bool have_quorum = false;
  bool symmetric_cluster = true, stop_all_resources = false, start_failure_is_fatal = true, maintenance_mode = false;
  bool stonith_enabled = true, startup_fencing = true, concurrent_fencing = false, have_watchdog = false;
  bool enable_startup_probes = true, stop_orphan_resources = true, stop_orphan_actions = true, remove_after_stop = false;
  bool shutdown_lock = false;
  std::chrono::seconds shutdown_lock_limit{0};
  std::string stonith_action = "reboot";
  std::chrono::milliseconds stonith_timeout{60'000}, cluster_delay{60'000};
  std::chrono::milliseconds priority_fencing_delay{0}, stonith_watchdog_timeout{0};
  std::string batch_limit = "0", migration_limit = "-1";
  Placement placement = Placement::standard;
  HealthStrategy health_strategy = HealthStrategy::none;
  Score health_red{-Score::infinity}, health_yellow{0}, health_green{0};
  int health_base = 0;
  std::string dc_uuid, cluster_name;
  Attributes set;  ///< every option as the configuration resolves to
};

/// What was said while planning, for standard error and logs, as the peer words it where it has words for it.
struct Notice {
  enum class Level : std::uint8_t { error, warning, notice, info } level = Level::info;
  std::string text;
};

/// One line of a failed or listed operation in status displays.
struct FailedOp {
  Resource* rsc = nullptr;
  Node* node = nullptr;
  pugi::xml_node entry;  ///< lrm_rsc_op
};

/// A comparison of parameters that has to wait until resources are assigned: the address of a connection inside a bundle is
/// that of the host. See actions/config_changes.cpp.
struct DeferredCheck {
  Resource* rsc = nullptr;
  Node* node = nullptr;
  pugi::xml_node entry;      ///< lrm_rsc_op
};

/// Keyed by text, and asked with text of any kind without a copy of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// What is configured about an operation.
struct ConfiguredOperation {
  pugi::xml_node op;
  SharedAttributes meta;
};

struct WorkingSet {
  explicit WorkingSet(pugi::xml_node cib_root, WallTime at) : cib(cib_root), now(at) {}
  WorkingSet(const WorkingSet&) = delete;
  WorkingSet& operator=(const WorkingSet&) = delete;

  pugi::xml_node cib;             ///< `<cib>`; outlives the set
  pugi::xml_document expanded;    ///< elements made on the way: templates merged in, bundle parts, removed resources
  WallTime now;
  std::chrono::seconds utc_offset{0};
  std::optional<WallTime> recheck_by;  ///< the earliest time at which the plan may change by itself
  Options options;
  bool has_stonith_resource = false, has_unfencing = false, has_remotes = false;
  bool have_tickets = false;
  bool startup_probes_done = false;
  bool keep_reasons = true;       ///< fill the ledger
  bool sanitized = false;         ///< private parameters may be hidden in this copy of the CIB: their digests do not count
  std::vector<DeferredCheck> deferred_checks;
  Ledger ledger;

  std::deque<Node> all_nodes;               ///< arena
  std::vector<Node*> nodes;                 ///< sorted by name, numbers in it by value
  Node* dc = nullptr;
  std::deque<Resource> all_resources;       ///< arena
  std::vector<Resource*> resources;         ///< top level, document order; sorted by priority before assignment
  std::deque<Action> all_actions;           ///< arena; ids count from 1 in the order of creation
  std::vector<Action*> actions;
  std::deque<Location> all_locations;
  std::vector<Location*> locations;
  std::deque<Colocation> all_colocations;
  std::vector<Colocation*> colocations;
  std::deque<Ordering> orderings;           ///< in the order in which they were made
  std::deque<Ticket> tickets;
  std::deque<TicketConstraint> ticket_constraints;
  std::vector<FailedOp> failed;             ///< for displays
  /// Recurring operations (hash_value of lrm_rsc_op) whose failure has expired: they are set up again, as if their digest had changed.
  std::unordered_set<std::size_t> expired_recurring;
  ByText<bool> restart_digests;  ///< by operation and node: is there one to compare with?
  /// Last failures of connections whose address is known only after assignment: a changed parameter then clears their fail count.
  std::vector<FailedOp> late_digests;
  std::vector<Notice> notices;
  std::set<std::string, std::less<>> said;  ///< by say_once()
  std::set<std::string, std::less<>> text;  ///< interned strings that subjects point to

  ByText<Resource*> by_id;        ///< every resource with its exact id
  ByText<Node*> node_by_name, node_by_id;
  std::unordered_map<std::string, std::vector<std::string>> tags;       ///< tag -> ids
  std::unordered_map<std::string, std::vector<std::string>> template_users;
  ByText<Action*> singletons;      ///< actions that exist once in the cluster, by key and node
  ByText<ConfiguredOperation> operation_meta;               ///< by key of the action
  ByText<pugi::xml_node> by_xml_id;  ///< `element:id`, for id-ref, filled at the first use
  std::unordered_map<std::size_t, pugi::xml_node> merged;     ///< configured element -> with its template, in `expanded`

  int blocked_resources = 0, disabled_resources = 0, instances = 0;

  [[nodiscard]] Resource* find_resource(std::string_view id) const;
  [[nodiscard]] Node* find_node(std::string_view name) const;      ///< by name
  [[nodiscard]] Node* find_node_id(std::string_view id) const;
  Resource& new_resource();
  /// Keeps `nodes` sorted. A second one of the same name gives the first.
  Node& new_node(std::string id, std::string name, NodeKind kind);
  std::string_view intern(std::string_view s) { return *text.emplace(s).first; }
  void say(Notice::Level level, std::string what) { notices.push_back({level, std::move(what)}); }
  /// The same for what would be found again and again: the second time it is not said.
  void say_once(Notice::Level level, std::string what) {
    if (said.insert(what).second) say(level, std::move(what));
  }
  /// The plan may change by itself at that time: the earliest one counts.
  void recheck_at(WallTime at);

  /// Adds to the score of `rsc` on `node` (nothing when it is not in the table) and remembers why.
  void add_score(NodeTable& table, const Node& node, Score delta, Cause cause, std::string_view subject = {});
  /// The same for a new value instead of a sum.
  void set_score(NodeTable& table, const Node& node, Score value, Cause cause, std::string_view subject = {});
  /// One more contribution at the end of a chain.
  void note_score(std::uint32_t& because, Score score, bool sets, Cause cause, std::string_view subject) {
    if (keep_reasons) because = ledger.add({because, score, sets, cause, subject});
  }
};

/// May resources run there now? `consider_score`: a negative score in `entry` says no as well; `consider_guest`: a guest
/// whose container is not going to run says no. Source: resmgr spec 2(a), stages 2 to 4.
[[nodiscard]] bool is_available(const Node& node);

}  // namespace relevo::policy
