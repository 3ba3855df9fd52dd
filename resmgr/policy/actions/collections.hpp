// What groups, clones and bundles have in common: the pseudo actions around their parts.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {

/// A collection's own pseudo action of that task.
Action& collection_action(WorkingSet& set, Resource& collection, std::string_view task, bool optional, bool runnable);

/// Start, running, stop and stopped of a clone or bundle, as its instances' actions ask for. Those exist already.
void create_instance_summaries(WorkingSet& set, Resource& collection, std::span<Resource* const> instances);
/// Promote, promoted, demote and demoted of a promotable clone.
void create_promotion_summaries(WorkingSet& set, Resource& clone);

/// By the number behind `:` (clones) or `-` (bundles).
void sort_instances(std::vector<Resource*>& instances);
/// Containers of a bundle, in the order of its replicas.
[[nodiscard]] std::vector<Resource*> containers_of(const Resource& bundle);

/// Demoted before stop, start and promote; stopped before start and promote; running before promote.
void order_promotable_restart(WorkingSet& set, Resource& collection);
/// Of promotable clones: promotion and demotion of the whole around that of the instances.
void order_promotable_instances(WorkingSet& set, Resource& clone);

}  // namespace relevo::policy
