// What the files that read the status share: the pass with what it remembers, and their steps. Internal to unpack_status.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/working_set.hpp"
#include "resmgr/policy/unpack/history_entry.hpp"

namespace relevo::policy::past {

/// The histories by node and resource, for migrations, which look at both ends. Filled node by node when it is first asked.
class Histories {
 public:
  explicit Histories(pugi::xml_node status) : status_(status) {}
  /// The lrm_resource, or nothing.
  [[nodiscard]] pugi::xml_node find(std::string_view node, std::string_view rsc);

 private:
  using OfNode = std::unordered_map<std::string_view, pugi::xml_node>;
  pugi::xml_node status_;
  std::unordered_map<std::string, OfNode> nodes_;
};

/// Resources by their exact names. Histories name them in the same order on every node, so whoever was asked for after the
/// last one on the node before is tried first.
class Lookup {
 public:
  explicit Lookup(const WorkingSet& set) : set_(set), next_(set.all_resources.size()) {}
  [[nodiscard]] Resource* find(std::string_view id);

 private:
  const WorkingSet& set_;
  std::vector<Resource*> next_;  ///< by Resource::index: which one was found after it
  std::size_t last_ = 0;
};

/// What a resource's target-role asks for; its meta attributes are looked through once.
class TargetRoles {
 public:
  explicit TargetRoles(const WorkingSet& set) : known_(set.all_resources.size()) {}
  [[nodiscard]] std::optional<Role> of(const Resource& rsc);

 private:
  struct Known {
    bool asked = false, wants = false;
    Role role = Role::unknown;
  };
  std::vector<Known> known_;  ///< by Resource::index
};

/// One reading of the status.
struct Pass {
  explicit Pass(WorkingSet& working_set)
      : set(working_set), histories(working_set.cib.child("status")), resources(working_set), target_roles(working_set) {}

  WorkingSet& set;
  Histories histories;
  Lookup resources;
  TargetRoles target_roles;
  std::vector<Resource*> containers_to_stop;  ///< of bundles with a failed connection; where they run is known at the end
  std::set<std::pair<std::string_view, const Node*>> recorded;  ///< failures that are in WorkingSet::failed, by key
};

/// What the entries of one resource on one node have come to so far.
struct Progress {
  OnFail on_fail = OnFail::ignore;
  pugi::xml_node last_failure;
};

// status_tickets.cpp
void unpack_tickets(WorkingSet& set, pugi::xml_node tickets);

// node_status.cpp
[[nodiscard]] Node* node_of(const WorkingSet& set, pugi::xml_node node_state);
void unpack_node_state(WorkingSet& set, pugi::xml_node node_state);
// node_status_remote.cpp
void read_remote_status(Node& node);
void read_remote_attributes(WorkingSet& set, Node& node, pugi::xml_node node_state);
// node_status_attributes.cpp
void read_transient_attributes(WorkingSet& set, Node& node, pugi::xml_node node_state);
[[nodiscard]] bool shutdown_requested(const Node& node);
[[nodiscard]] bool attribute_is_true(const Node& node, std::string_view name);

// history.cpp
void unpack_history(Pass& pass, Node& node, pugi::xml_node node_state);
// history_owner.cpp
/// The resource that an entry of a node's history is about; nullptr: none of the configuration.
[[nodiscard]] Resource* owner_of_history(Pass& pass, Node& node, std::string_view id);

// decode.cpp
void unpack_entry(Pass& pass, Resource& rsc, Node& node, const Record& record, Progress& progress);
// decode_remap.cpp
/// What the result really means, given what was expected.
void remap(Pass& pass, Entry& entry, Progress& progress);
// decode_expiry.cpp
/// Is it a failure that is old enough to be forgotten? Schedules what clears it.
[[nodiscard]] bool has_expired(Pass& pass, const Entry& entry);
// history_results.cpp
/// What that result says about the role now, as if it had been wanted.
void apply_result(Pass& pass, const Entry& entry, int result, Progress& progress);
void apply_pending(Pass& pass, const Entry& entry);

// failures.cpp
/// A result that was not wanted, taken as one.
void apply_failure(Pass& pass, const Entry& entry, Progress& progress);
/// What the configuration wants to follow: on-fail and the role afterwards.
struct FailurePolicy {
  OnFail on_fail = OnFail::ignore;
  Role role = Role::unknown;
};
[[nodiscard]] FailurePolicy failure_policy(WorkingSet& set, const Entry& entry);
void record_failure(Pass& pass, const Entry& entry);

// migration_history.cpp
void apply_migrate_to(Pass& pass, const Entry& entry);
void apply_migrate_to_failure(Pass& pass, const Entry& entry);
void apply_migrate_from_failure(Pass& pass, const Entry& entry);

// running.cpp
/// It is active there, and with it whatever it is part of.
void add_running(WorkingSet& set, Resource& rsc, Node& node, bool failed);
/// Active: unpromoted when a promotable clone is around it.
void set_active(Resource& rsc);
void set_next_role(Resource& rsc, Role role, std::string_view reason);
/// Adds to the score of the resource and of all its parts there; nullptr: on every node.
void add_location(WorkingSet& set, Resource& rsc, Node* node, int score, Cause cause, std::string_view subject);
/// It must not run anywhere: an own table with all nodes, all forbidden.
void forbid_everywhere(WorkingSet& set, Resource& rsc, Cause cause, std::string_view subject);
// running_state.cpp
/// After all entries: what their sum leads to.
void apply_state(Pass& pass, Resource& rsc, Node& node, OnFail on_fail);

/// Not an instance of a clone whose instances can be told apart, but of an anonymous one (or in one).
[[nodiscard]] bool is_anonymous(const Resource& rsc);
/// In a bundle, or one itself.
[[nodiscard]] bool is_bundled(const Resource& rsc);

}  // namespace relevo::policy::past
