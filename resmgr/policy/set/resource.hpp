// A resource of any variant: configuration, what the history says, and what is decided as the plan goes on.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "common/base/time.hpp"
#include "resmgr/policy/set/node.hpp"
#include "resmgr/policy/set/table.hpp"

namespace relevo::policy {

struct Action;
struct Colocation;
struct Location;
struct TicketConstraint;

/// Pseudo actions around one operation of a clone whose instances are told of each other's operations.
struct NotifyPoints {
  Action* pre = nullptr;
  Action* pre_done = nullptr;
  Action* post = nullptr;
  Action* post_done = nullptr;
};

/// What only clones have.
struct CloneFacts {
  int clone_max = 0, clone_node_max = 1, clone_min = 0;
  int promoted_max = 1, promoted_node_max = 1;
  bool ordered = false, interleave = false;
  int promoted_so_far = 0;   ///< while instances are being promoted
  bool has_active = false;
  NotifyPoints notify_start{}, notify_stop{}, notify_promote{}, notify_demote{};  ///< none without notifications
  pugi::xml_node child;      ///< the cloned primitive or group
};

/// One replica of a bundle. Source: resmgr spec 1.3, "Bundle".
struct Replica {
  int offset = 0;
  std::string address;
  Resource* ip = nullptr;         ///< IPaddr2, if the bundle has a network
  Resource* container = nullptr;
  Resource* remote = nullptr;     ///< connection, if the bundle has a primitive
  Resource* child = nullptr;      ///< instance of the bundle's primitive
  Node* node = nullptr;           ///< the guest inside
};

struct BundleFacts {
  int replicas = 1, replicas_per_host = 1, promoted_max = 0;
  std::string type, image, prefix, options, run_command, network, host_interface, first_address;
  int netmask = 32, control_port = 3121;
  bool add_host = true;
  Resource* child = nullptr;      ///< implicit clone of the primitive
  std::vector<Replica> replica;
};

/// How a primitive got its node.
struct Settlement {
  Settled by = Settled::nowhere;
  const Node* runner_up = nullptr;  ///< the best of the other nodes that could run it, at that time
  Score best, next;                 ///< scores of both
};

struct Resource {
  std::size_t index = 0;      ///< in WorkingSet::all_resources; document order, removed ones last
  std::string id;             ///< with `:N` for instances
  std::string history_name;   ///< of an instance whose history was found under another name than its id; empty until then
  Variant variant = Variant::primitive;
  pugi::xml_node xml;         ///< with the template merged in
  pugi::xml_node original_xml;  ///< as configured, when a template was merged in; else empty
  std::string klass, provider, type;
  Resource* parent = nullptr;
  std::vector<Resource*> children;
  CloneFacts clone{};
  std::optional<BundleFacts> bundle{};
  bool group_ordered = true, group_colocated = true;

  // Configuration, resolved
  Attributes meta;
  int priority = 0;
  int stickiness = 0;
  std::chrono::seconds failure_timeout{0};
  int migration_threshold = Score::infinity;
  std::chrono::milliseconds reconnect_interval{0};  ///< of a remote connection
  MultipleActive multiple_active = MultipleActive::stop_start;
  std::map<std::string, int, std::less<>> utilization;
  bool managed = true, maintenance = false, critical = true;
  bool unique = false, promotable = false, notify = false, allow_migrate = false;
  bool is_stonith = false, is_remote_connection = false;
  bool needs_quorum = false, needs_fencing = false, needs_unfencing = false;
  bool exclusive_discovery = false;   ///< some constraint makes discovery exclusive
  bool is_container = false;          ///< others live in it
  bool remote_allowed = true;         ///< may run on remote nodes
  bool may_leave_container = false;   ///< a bundle's connection: it need not be on its container's node
  bool is_filler = false;             ///< lives in `container` (bundle parts, guest connections)
  bool removed = false;               ///< in the history, not in the configuration (orphan)
  bool removed_filler = false;
  std::vector<Resource*> fillers;     ///< what lives in it, when it is a container
  Resource* container = nullptr;

  // What the history says
  Role role = Role::stopped;
  std::vector<Node*> running_on;
  std::vector<Node*> known_on;        ///< probed or active there
  std::vector<Node*> dangling_migration_sources;
  Node* partial_migration_source = nullptr;
  Node* partial_migration_target = nullptr;
  std::string pending_task;
  Node* pending_node = nullptr;
  bool failed = false, blocked = false, failure_ignored = false, start_pending = false, failed_stop = false;
  Node* lock_node = nullptr;          ///< shutdown lock
  WallTime lock_time;

  // What is decided
  NodeTable allowed;
  Role next_role = Role::unknown;
  std::string next_role_reason;
  Node* assigned_to = nullptr;
  Score assigned_score;               ///< with which it got its node
  Settlement settlement{};            ///< of a primitive
  bool provisional = true;            ///< not assigned yet
  bool assigning = false;             ///< in the middle of it: loops end here
  bool merging = false;               ///< its colocation scores are being merged: loops end here
  bool stop_unexpected = false;       ///< active too often: only what is not on its node is stopped
  bool needs_stop = false, restarting = false, reload = false, starting = false, stopping = false;
  int promotion_priority = -1;        ///< of an instance, see resmgr spec "Promotion"
  int sort_index = 0;
  std::uint32_t promotion_because = 0;  ///< what made it, in the ledger
  bool detect_loop = false;
  bool promoted_instance_known = false;
  bool promotion_scores_added = false, promotion_sorted = false;  ///< of a promotable clone: done once

  // Relations; owned by the working set
  std::vector<Colocation*> this_with;   ///< it is the dependent
  std::vector<Colocation*> with_this;   ///< it is the primary
  std::vector<Location*> locations;
  std::vector<TicketConstraint*> tickets;
  std::vector<Action*> actions;

  [[nodiscard]] bool is(Variant v) const { return variant == v; }
  [[nodiscard]] bool is_clone_instance() const { return parent != nullptr && parent->variant == Variant::clone; }
  [[nodiscard]] bool is_anonymous_instance() const;  ///< itself or its group is an instance of a clone that is not unique
  [[nodiscard]] Resource& top();                     ///< outermost parent (a bundle's parts: the bundle)
  [[nodiscard]] Resource& top_inside();              ///< the same, but a bundle does not count: a bundle's parts stand for themselves
  [[nodiscard]] const Resource& top_inside() const;
  [[nodiscard]] std::string_view name_in_history() const { return history_name.empty() ? std::string_view(id) : history_name; }
};

}  // namespace relevo::policy
