// Reading constraints, and applying orderings to actions until nothing changes.
#pragma once

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Reads locations, colocations, orders and tickets: ids, tags, templates, sets and patterns are resolved, rules are evaluated.
/// What refers to nothing is told and left out. Source: resmgr spec 1.4.
void unpack_constraints(WorkingSet& set);

/// A colocation that the engine itself makes (`influence` = the dependent's wishes count).
Colocation* new_colocation(WorkingSet& set, std::string_view id, std::string_view attribute, int score, Resource& dependent, Resource& primary,
                           Role dependent_role, Role primary_role, bool influence);
/// Puts a colocation in its place among those that a resource is the dependent of; or, by the second, the primary. Others of the
/// same place come after it.
void add_this_with(Resource& rsc, Colocation& colocation);
void add_with_this(Resource& rsc, Colocation& colocation);
/// A location that the engine itself makes; nullptr node = all nodes (symmetric clusters).
Location* new_location(WorkingSet& set, std::string_view id, Resource& rsc, int score, Cause cause, Node* node);
/// The wishes of the dependent count: influence is on, or the primary (the constraint's own unless given) is not active.
[[nodiscard]] bool has_influence(const Colocation& colocation, const Resource* primary = nullptr);

/// Turns the orderings into dependencies of actions, then requires and blocks actions until nothing changes. Source: stage 11.
void apply_orderings(WorkingSet& set);
/// Applies what `action`'s dependencies say, and on from what changed.
void update_action_dependencies(WorkingSet& set, Action& action);
/// Drops the load orderings that would loop with a migration.
void disable_invalid_orderings(WorkingSet& set);
/// Would `action` wait for itself through this dependency? (load orderings of live migrations)
[[nodiscard]] bool graph_has_loop(WorkingSet& set, Action& action, Dependency& input);

}  // namespace relevo::policy
