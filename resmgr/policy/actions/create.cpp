// The actions of all resources: fail counts of removed ones are cleared, then each variant makes its own.
#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {
namespace {

/// A removed resource that comes back shall begin without failures. Its parts need no look: they are unused instances.
void clear_fail_counts_of_removed(WorkingSet& set, Resource& rsc) {
  if (!rsc.removed) return;
  for (Node* node : set.nodes) {
    if (!node->online || fail_count(set, *node, rsc, true, false).count == 0) continue;
    Action& clear = clear_fail_count(set, rsc, *node, "it is orphaned");
    new_ordering(set, clear.rsc, {}, &clear, &rsc, op_key(rsc.id, "stop"), nullptr, order::optional);
  }
}

}  // namespace

void create_actions(WorkingSet& set, Resource& rsc) {
  switch (rsc.variant) {
    case Variant::primitive: create_primitive_actions(set, rsc); break;
    case Variant::group: create_group_actions(set, rsc); break;
    case Variant::clone: create_clone_actions(set, rsc); break;
    case Variant::bundle: create_bundle_actions(set, rsc); break;
  }
}

void create_all_actions(WorkingSet& set) {
  if (set.options.stop_orphan_resources) {
    for (Resource* rsc : set.resources) clear_fail_counts_of_removed(set, *rsc);
  }
  for (Resource* rsc : set.resources) create_actions(set, *rsc);
}

}  // namespace relevo::policy
