// Assignment of a bundle: its containers like instances, then for each the address, the connection and what runs inside.
#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

// Connections inside each other must be on one host: a remote daemon serves one connection at a time.
void follow_host_connection(WorkingSet& set, Replica& replica) {
  const Node* host = replica.container == nullptr ? nullptr : replica.container->assigned_to;
  if (replica.remote == nullptr || host == nullptr || !host->is_remote() || host->connection == nullptr) return;
  new_colocation(set, "child-remote-with-docker-remote", {}, Score::infinity, *replica.remote, *host->connection, Role::unknown,
                 Role::unknown, true);
}

// The primitive inside has only the node inside.
void bind_child(WorkingSet& set, Replica& replica) {
  Resource& child = *replica.child;
  for (Node* node : set.nodes) {
    if (child.allowed.find(*node) == nullptr) continue;
    if (node != replica.node) set.set_score(child.allowed, *node, Score(-Score::infinity), Cause::container);
    else if (threshold_reached(set, child, *node) == nullptr) set.set_score(child.allowed, *node, Score(Score::infinity), Cause::container);
  }
}

void assign_replica(Assigner& to, Replica& replica, Node* prefer) {
  if (replica.ip != nullptr) assign_any(to, *replica.ip, prefer);
  follow_host_connection(to.set, replica);
  if (replica.remote != nullptr) assign_any(to, *replica.remote, prefer);
  if (replica.child == nullptr) return;
  bind_child(to.set, replica);
  Resource* parent = replica.child->parent;
  if (parent != nullptr) parent->assigning = true;
  assign_any(to, *replica.child, replica.node);
  if (parent != nullptr) parent->assigning = false;
}

void bind_clone(WorkingSet& set, const BundleFacts& facts) {
  for (const Node* node : set.nodes) {
    if (facts.child->allowed.find(*node) == nullptr) continue;
    bool inside = false;
    for (const Replica& replica : facts.replica) inside = inside || replica.node == node;
    set.set_score(facts.child->allowed, *node, Score(inside ? 0 : -Score::infinity), Cause::container);
  }
}

}  // namespace

Node* assign_bundle(Assigner& to, Resource& rsc, Node* prefer) {
  if (!rsc.bundle) return nullptr;
  rsc.assigning = true;
  std::vector<Resource*> containers;
  for (const Replica& replica : rsc.bundle->replica) {
    if (replica.container != nullptr) containers.push_back(replica.container);
  }
  log_scores(to, rsc, "pcmk__bundle_allocate");
  sort_instances(to.set, containers);
  distribute(to, rsc, containers, rsc.bundle->replicas, rsc.bundle->replicas_per_host);
  for (Replica& replica : rsc.bundle->replica) assign_replica(to, replica, prefer);
  if (rsc.bundle->child != nullptr) {
    bind_clone(to.set, *rsc.bundle);
    assign_any(to, *rsc.bundle->child, prefer);
  }
  rsc.provisional = false;
  rsc.assigning = false;
  return nullptr;
}

}  // namespace relevo::policy
