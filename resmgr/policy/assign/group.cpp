// Assignment of a group: its members one after the other. That they stay together is said by colocations between them.
#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

void move_to_end(std::vector<Colocation*>& from, std::vector<Colocation*>& to) {
  to.insert(to.end(), from.begin(), from.end());
  from.clear();
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
  // From now on the group's wishes are those of its first member, and what goes with the group goes with its last.
  move_to_end(rsc.this_with, first.this_with);
  move_to_end(rsc.with_this, rsc.children.back()->with_this);
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
