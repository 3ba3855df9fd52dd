// From the CIB to the working set: configuration and status. Constraints are read in resmgr/policy/constraints.
#pragma once

#include "common/base/result.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Everything of stage 1 in its order: options, tickets, nodes, remote nodes, resources, tags, status. Source: resmgr spec 2(a)
/// stage 1. Errors: invalid, when the document is no CIB; what is odd inside is told in WorkingSet::notices and left out.
Status unpack(WorkingSet& set);

// Its parts, in this order (files of the same names).
void unpack_options(WorkingSet& set);
void unpack_nodes(WorkingSet& set);
void unpack_remote_nodes(WorkingSet& set);
void unpack_resources(WorkingSet& set);
void unpack_tags(WorkingSet& set);
void unpack_status(WorkingSet& set);

/// Makes a resource, with everything below it, from its element; nullptr when it cannot be used (told in the notices).
Resource* unpack_resource(WorkingSet& set, pugi::xml_node xml, Resource* parent);
/// One more instance of a clone's child. `number` becomes its `:N`.
Resource* new_clone_instance(WorkingSet& set, Resource& clone, int number, bool removed);
/// A resource that only the history knows.
Resource* removed_resource(WorkingSet& set, std::string_view id, pugi::xml_node history);
/// Is it active: on any node (`all` false), or in every part (`all` true)?
[[nodiscard]] bool is_active(const Resource& rsc, bool all);
/// The role of a collection is that of its parts; of a primitive its own. `current`: now; else the next one.
[[nodiscard]] Role role_of(const Resource& rsc, bool current);
/// The node that speaks for a primitive that is active: where a migration starts, else the first that is online and clean (any,
/// while the resource needs fencing), else the first; nullptr when it is not active.
[[nodiscard]] Node* active_node(const Resource& rsc);
/// Where it is active; nodes of parts once each, in their order.
[[nodiscard]] std::vector<Node*> active_nodes(const Resource& rsc);
/// The child or instance with that history name, active on that node.
[[nodiscard]] Resource* find_instance_on(const Resource& rsc, std::string_view name_in_history, const Node& node);
/// target-role; false when there is none or it does not bind.
bool target_role(const Resource& rsc, Role& role);

}  // namespace relevo::policy
