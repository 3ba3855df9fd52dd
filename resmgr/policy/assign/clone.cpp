// Assignment of a clone: the order of its instances, how many go where, and for promotable ones which are promoted.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {

Node* assign_clone(Assigner& to, Resource& rsc, Node* prefer) {
  if (!rsc.provisional || rsc.assigning) return nullptr;
  if (rsc.promotable) add_promotion_scores(to.set, rsc);
  rsc.assigning = true;
  const auto this_with = this_with_colocations(rsc, rsc);
  for (const Colocation* colocation : this_with) assign_any(to, *colocation->primary, prefer);
  const auto with_this = with_this_colocations(rsc, rsc);
  for (const Colocation* colocation : with_this) {
    if (!has_influence(*colocation)) continue;
    merge_colocated(to.set, *colocation->dependent, rsc.allowed, colocation->attribute, factor_of(*colocation),
                    Merge{.nonnegative = true, .only_if_left = true}, colocation->id);
  }
  log_scores(to, rsc, "pcmk__clone_allocate");
  sort_instances(to.set, rsc.children);
  const auto instances = rsc.children;
  distribute(to, rsc, instances, rsc.clone.clone_max, rsc.clone.clone_node_max);
  if (rsc.promotable) choose_promoted(to, rsc);
  rsc.provisional = false;
  rsc.assigning = false;
  return nullptr;
}

}  // namespace relevo::policy
