// Which node each resource shall run on, and which instances are promoted. Source: resmgr spec 2(a) stages 2 to 4 and 7.
#pragma once

#include <string>
#include <vector>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// A score as the allocator had it at one of its steps, for crm_simulate -s.
struct ScoreLine {
  std::string function;      ///< pcmk__primitive_assign, pcmk__clone_allocate, ...; empty: a promotion score
  const Resource* rsc = nullptr;
  std::string node;          ///< name, or `none`
  Score score;
  std::uint32_t because = 0; ///< in the ledger
};
/// A line about capacity (-U): `Original: n1 capacity: cpu=2`, `X utilization on n1: cpu=1`, `Remaining: ...`.
struct CapacityLine {
  std::string text;
  std::size_t scores_before = 0;  ///< how many lines of scores came before it
};
struct AssignmentLog {
  std::vector<ScoreLine> scores;
  std::vector<CapacityLine> utilization;
  bool wanted = true;        ///< false: nothing is written down
};

void apply_node_health(WorkingSet& set);
/// Shutdown locks, locations, stickiness, migration-threshold, exclusive discovery.
void apply_node_criteria(WorkingSet& set);
/// Adds to the score there, of a collection's parts as well; nullptr = on all nodes. A node that was not allowed becomes so, with
/// its own score to begin with.
void add_location_score(WorkingSet& set, Resource& rsc, const Node* node, Score score, Cause cause, std::string_view subject = {});
/// What one location constraint does to the scores of its resource, and of the parts of that.
void apply_location(WorkingSet& set, Resource& rsc, const Location& location);
/// The next role, and why.
void set_next_role(Resource& rsc, Role role, std::string_view why);
/// Assigns every resource.
void assign_resources(WorkingSet& set, AssignmentLog& log);

/// Assigns one, and whatever it depends on first; the node it got, or nullptr. `prefer` wins among equals.
Node* assign(WorkingSet& set, AssignmentLog& log, Resource& rsc, Node* prefer);
/// Gives it that node, or none: next role, starts that cannot run, capacity. False when the node will not do.
bool assign_to(WorkingSet& set, Resource& rsc, Node* node, bool force);
/// Takes the node away again.
void unassign(WorkingSet& set, Resource& rsc);
/// May `rsc` run on `node`: the node is usable and, when asked, the score is not negative and a guest's container is fine.
[[nodiscard]] bool can_run(const WorkingSet& set, const Resource& rsc, const Node& node, bool consider_score, bool consider_guest);
/// Where a resource is, or shall be: `current` = now. For collections the nodes of the parts, once each.
[[nodiscard]] Node* location_of(const Resource& rsc, std::vector<Node*>* all, bool current);
/// All colocations that bear on it: own, its group's, its clone's, in the order in which they are applied.
[[nodiscard]] std::vector<Colocation*> this_with_colocations(const Resource& rsc, const Resource& original);
[[nodiscard]] std::vector<Colocation*> with_this_colocations(const Resource& rsc, const Resource& original);
/// The instance of `collection` (clone, bundle) that goes with `match`: on the same node, in that role.
[[nodiscard]] Resource* compatible_instance(const WorkingSet& set, const Resource& match, const Resource& collection, Role role, bool current);

}  // namespace relevo::policy
