// What the files of resmgr/policy/assign share with each other. Not for other stages; those find theirs in assign.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "resmgr/policy/assign/assign.hpp"

namespace relevo::policy {

/// What one assignment needs at hand, through all the assignments that it leads to.
struct Assigner {
  WorkingSet& set;
  AssignmentLog& log;
  int depth = 0;  ///< assignments in progress inside each other
};

/// Deeper chains of colocations are treated as loops: the process' stack has an end.
constexpr int deepest_assignment = 1500;

// assign.cpp: by variant.
Node* assign_any(Assigner& to, Resource& rsc, Node* prefer);
Node* assign_primitive(Assigner& to, Resource& rsc, Node* prefer);
Node* assign_group(Assigner& to, Resource& rsc, Node* prefer);
Node* assign_clone(Assigner& to, Resource& rsc, Node* prefer);
Node* assign_bundle(Assigner& to, Resource& rsc, Node* prefer);

// finalize.cpp
/// As assign_to(), with the -U line.
bool finalize(Assigner& to, Resource& primitive, Node* node, bool force);

// locations.cpp
/// The same as add_location_score(), but only where the node is allowed already, of parts too.
void add_known_score(WorkingSet& set, Resource& rsc, const Node& node, Score score, Cause cause);
/// A table's entry, which is made from the node's own score if there is none.
NodeEntry& entry_for(WorkingSet& set, NodeTable& table, const Node& node);

// nodes.cpp
/// The node is usable and its score in the entry is not negative.
[[nodiscard]] bool is_available_with(const Node& node, const NodeEntry* entry);
/// Is any node of the table usable, with a score that is not negative?
[[nodiscard]] bool any_available(const WorkingSet& set, const NodeTable& table);
/// The nodes of the table, best first; `active` wins among equals.
[[nodiscard]] std::vector<Node*> sorted_nodes(const WorkingSet& set, const NodeTable& table, const Node* active);
/// The first of these; nullptr when there is none.
[[nodiscard]] Node* best_node(const WorkingSet& set, const NodeTable& table, const Node* active);
/// What spoke for that node against the next one of the order.
[[nodiscard]] Settlement settlement_of(const WorkingSet& set, const NodeTable& table, const std::vector<Node*>& order, Node& chosen,
                                       const Node* active);
/// All nodes of the cluster, best first, by their own scores.
[[nodiscard]] std::vector<Node*> sorted_nodes(const WorkingSet& set);

// table_order.cpp
/// The nodes of the table in the order that breaks ties.
[[nodiscard]] std::vector<Node*> table_order(const WorkingSet& set, const NodeTable& table);

// scores.cpp
/// Writes down the scores of a resource and everything below it, as that step had them.
void log_scores(Assigner& to, const Resource& rsc, std::string_view function);
/// The same for the order in which instances are promoted.
void log_promotion_score(Assigner& to, const Resource& instance);

// merge.cpp
/// Which colocations are followed from one resource to the next, and what may come of it.
struct Merge {
  bool this_with = false;     ///< of those that it depends on; else of those that depend on it
  bool nonnegative = false;   ///< a node shall not become negative by it
  bool only_if_left = false;  ///< undone when no node would be left
};
/// Adds to `nodes` what `rsc`, and what is colocated with it, would like, weakened by `factor`. `nodes` nullptr in `start`: from
/// the resource's own table.
void merge_colocated(WorkingSet& set, Resource& rsc, NodeTable& nodes, std::string_view attribute, float factor, Merge how,
                     std::string_view subject);
/// The scores of `rsc` with the wishes of all that it depends on.
[[nodiscard]] NodeTable scores_with_primaries(WorkingSet& set, Resource& rsc);
/// A colocation's score as a factor.
[[nodiscard]] inline float factor_of(const Colocation& colocation) {
  return static_cast<float>(colocation.score) / static_cast<float>(Score::infinity);
}

// colocation.cpp, colocation_collections.cpp
enum class Affects : std::uint8_t { nothing, role, location };
/// What a colocation can change for its dependent now. `preview`: nothing needs to be assigned yet.
[[nodiscard]] Affects colocation_affects(const Resource& dependent, const Resource& primary, const Colocation& colocation, bool preview);
/// Applies a colocation to a dependent that is no collection of instances; both may be groups, the primary anything.
void apply_to_dependent(Assigner& to, Resource& dependent, Resource& primary, const Colocation& colocation);
/// The same when the dependent is a primitive and the primary's kind decides.
void apply_from_primary(Assigner& to, Resource& dependent, Resource& primary, const Colocation& colocation);
/// -INFINITY wherever none of the nodes is; with `merge`, the scores with which the instances got their nodes are added elsewhere.
void keep_only(WorkingSet& set, NodeTable& table, const std::vector<const Resource*>& where, bool merge, std::string_view subject);
void apply_from_clone(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation);
void apply_from_bundle(Assigner& to, Resource& dependent, Resource& bundle, const Colocation& colocation);
/// Value of a node attribute; nullptr if there is none.
[[nodiscard]] const std::string* attribute_of(const Node& node, std::string_view name);
/// A remote node that nobody has heard of yet has not even its name as an attribute: all of them count as one.
[[nodiscard]] bool is_nameless(const Node& node);
[[nodiscard]] bool same_value(const Node& a, const Node& b, std::string_view attribute);
/// Blocked itself or in any part.
[[nodiscard]] bool any_blocked(const Resource& rsc);
/// Any part, or itself, failed.
[[nodiscard]] bool any_failed(const Resource& rsc);
/// Takes the node from a resource and all its parts by force.
void assign_nowhere(Assigner& to, Resource& rsc);

// instances.cpp
/// Instances of a clone, or containers of a bundle, in the order in which they get their nodes.
void sort_instances(WorkingSet& set, std::vector<Resource*>& instances);
[[nodiscard]] int compare_instances(WorkingSet& set, Resource& a, Resource& b);
/// The place of a node in the table of an instance's parent.
[[nodiscard]] NodeEntry* parent_entry(Resource& instance, const Node& node);

// distribute.cpp
/// Gives nodes to up to `max` instances, at most `per_node` to each node.
void distribute(Assigner& to, Resource& collection, const std::vector<Resource*>& instances, int max, int per_node);

// promotable.cpp, promotion_scores.cpp
void add_promotion_scores(WorkingSet& set, Resource& clone);
/// The promotion score of an instance on that node; nothing when there is none that counts.
[[nodiscard]] std::optional<int> promotion_score(const WorkingSet& set, const Resource& rsc, const Node& node);
/// Chooses the instances to be promoted.
void choose_promoted(Assigner& to, Resource& clone);
/// For a dependent that is being placed, and a role of the primary's instances.
void apply_from_promotable(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation);
/// For an instance whose role is being chosen.
void apply_promotion_priority(Assigner& to, Resource& dependent, Resource& clone, const Colocation& colocation);
/// The promotion priority of an instance; its priority at the same time. What members of a group say together may lie beyond
/// INFINITY; the ledger holds what counts of it.
void set_promotion_priority(WorkingSet& set, Resource& instance, int priority, Cause cause, std::string_view subject = {});
/// Adds to it.
void add_to_promotion_priority(WorkingSet& set, Resource& instance, Score delta, Cause cause, std::string_view subject);

// utilization.cpp
/// Bans the resource from nodes that cannot hold it and what must go with it; the freest node when no node can hold it all.
Node* ban_insufficient(Assigner& to, Resource& rsc);
void take_capacity(Node& node, const Resource& rsc);
void give_capacity(Node& node, const Resource& rsc);
/// Negative when `a` has more capacity left in more attributes.
[[nodiscard]] int compare_capacity(const Node& a, const Node& b);
void log_capacities(Assigner& to, std::string_view when);
void log_utilization(Assigner& to, const Resource& rsc, const Node& node);
/// What must be on the same node as `rsc`, itself included, as far as it is known before assignment.
[[nodiscard]] std::vector<Resource*> colocated_resources(Resource& rsc);

// sort.cpp
/// For placement strategies: priority, then the score where it runs, then node by node.
void sort_resources(WorkingSet& set);

// shutdown_locks.cpp
void apply_shutdown_locks(WorkingSet& set);

}  // namespace relevo::policy
