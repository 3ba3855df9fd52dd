// Assignment of a group: its members one after the other. That they stay together is said by colocations between them.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

// A member that is unmanaged stays where it is whatever the group wants: what is mandatory for the group is then said to the
// members behind it, too.
void bind_behind_unmanaged(const Resource& group) {
  bool unmanaged = false;
  for (Resource* member : group.children) {
    for (Colocation* colocation : group.this_with) {
      if (unmanaged && colocation->score >= Score::infinity) add_this_with(*member, *colocation);
    }
    unmanaged = unmanaged || !member->managed;
  }
}

// From now on the group's wishes are those of its first member, and what goes with the group goes with its last.
void hand_down_colocations(Resource& group) {
  bind_behind_unmanaged(group);
  for (Colocation* colocation : group.this_with) add_this_with(*group.children.front(), *colocation);
  for (Colocation* colocation : group.with_this) add_with_this(*group.children.back(), *colocation);
  group.this_with.clear();
  group.with_this.clear();
}

}  // namespace

Node* assign_group(Assigner& to, Resource& rsc, Node* prefer) {
  if (!rsc.provisional) return rsc.assigned_to;
  if (rsc.assigning) return nullptr;
  if (rsc.children.empty()) {
    rsc.provisional = false;
    return nullptr;
  }
  rsc.assigning = true;
  Resource& first = *rsc.children.front();
  rsc.role = first.role;
  hand_down_colocations(rsc);
  log_scores(to, rsc, "pcmk__group_assign");
  Node* node = nullptr;
  for (Resource* member : rsc.children) {
    Node* got = assign_any(to, *member, prefer);
    if (node == nullptr) node = got;
  }
  set_next_role(rsc, first.next_role, "first group member");
  rsc.assigning = false;
  rsc.provisional = false;
  return rsc.group_colocated ? node : nullptr;
}

}  // namespace relevo::policy
