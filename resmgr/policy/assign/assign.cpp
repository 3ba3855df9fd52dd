// Every resource gets its node, or none. The order in which they are taken is here; how each kind is assigned is in its own file.
#include "resmgr/policy/assign/assign.hpp"

#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

Node* by_variant(Assigner& to, Resource& rsc, Node* prefer) {
  switch (rsc.variant) {
    case Variant::primitive: return assign_primitive(to, rsc, prefer);
    case Variant::group: return assign_group(to, rsc, prefer);
    case Variant::clone: return assign_clone(to, rsc, prefer);
    case Variant::bundle: return assign_bundle(to, rsc, prefer);
  }
  return nullptr;
}

}  // namespace

Node* assign_any(Assigner& to, Resource& rsc, Node* prefer) {
  if (to.depth >= deepest_assignment) {
    to.set.say_once(Notice::Level::error, "Colocations are chained too deeply at " + rsc.id);
    return nullptr;
  }
  ++to.depth;
  Node* node = by_variant(to, rsc, prefer);
  --to.depth;
  return node;
}

Node* assign(WorkingSet& set, AssignmentLog& log, Resource& rsc, Node* prefer) {
  Assigner to{set, log};
  return assign_any(to, rsc, prefer);
}

void assign_resources(WorkingSet& set, AssignmentLog& log) {
  Assigner to{set, log};
  if (set.options.placement != Placement::standard) sort_resources(set);
  log_capacities(to, "Original");
  if (set.has_remotes) {
    // What runs on remote nodes needs to know whether they will be there.
    for (Resource* rsc : set.resources) {
      if (rsc->is_remote_connection) assign_any(to, *rsc, rsc->partial_migration_target);
    }
  }
  for (Resource* rsc : set.resources) {
    if (!rsc->is_remote_connection) assign_any(to, *rsc, nullptr);
  }
  log_capacities(to, "Remaining");
}

}  // namespace relevo::policy
