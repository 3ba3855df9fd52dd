// Where resources are active, and what being active in a place (or in several) means for management and scores.
#include <algorithm>

#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

NodeEntry& entry_of(WorkingSet& set, NodeTable& table, const Node& node) {
  if (NodeEntry* entry = table.find(node); entry != nullptr && entry->allowed) return *entry;
  NodeEntry& entry = table.allow(node);
  if (node.score != entry.score) set.set_score(table, node, node.score, Cause::node_score, node.name);
  return entry;
}

/// For priority-fencing-delay: what would be lost with the node. A guest's counts for its host as well.
void add_priority(const Resource& rsc, Node& node) {
  if (rsc.priority == 0) return;
  const int priority = rsc.priority + (rsc.role == Role::promoted ? 1 : 0);
  node.priority += priority;
  const Resource* container = node.connection != nullptr ? node.connection->container : nullptr;
  if (container == nullptr) return;
  for (Node* host : container->running_on) host->priority += priority;
}

/// On more than one node, as far as that does harm: what waits for fencing counts everywhere, other things where nodes are well.
bool is_multiply_active(const Resource& rsc) {
  if (!rsc.is(Variant::primitive)) return false;
  if (rsc.needs_fencing) return rsc.running_on.size() > 1;
  return std::count_if(rsc.running_on.begin(), rsc.running_on.end(), [](const Node* node) { return node->online && !node->unclean; }) > 1;
}

void block_all(Resource& rsc) {
  rsc.managed = false;
  rsc.blocked = true;
}

void handle_multiply_active(WorkingSet& set, Resource& rsc) {
  if (rsc.multiple_active == MultipleActive::stop_only) {
    forbid_everywhere(set, rsc, Cause::multiple_active, {});
  } else if (rsc.multiple_active == MultipleActive::block) {
    block_all(rsc);
    Resource* parent = rsc.parent;
    if (parent == nullptr || parent->multiple_active != MultipleActive::block) return;
    if (!parent->is(Variant::group) && !parent->is(Variant::bundle)) return;
    for (Resource* child : parent->children) block_all(*child);
  }
}

}  // namespace

void set_active(Resource& rsc) { rsc.role = rsc.top_inside().promotable ? Role::unpromoted : Role::started; }

void set_next_role(Resource& rsc, Role role, std::string_view reason) {
  rsc.next_role = role;
  rsc.next_role_reason = reason;
}

void add_location(WorkingSet& set, Resource& rsc, Node* node, int score, Cause cause, std::string_view subject) {
  for (Resource* child : rsc.children) add_location(set, *child, node, score, cause, subject);
  const auto add = [&](const Node& at) {
    entry_of(set, rsc.allowed, at);
    set.add_score(rsc.allowed, at, Score(score), cause, subject);
  };
  if (node != nullptr) {
    add(*node);
    return;
  }
  for (const Node* each : set.nodes) add(*each);
  if (score == -Score::infinity) rsc.assigned_to = nullptr;
}

void forbid_everywhere(WorkingSet& set, Resource& rsc, Cause cause, std::string_view subject) {
  for (const Node* node : set.nodes) {
    rsc.allowed.allow(*node);
    set.set_score(rsc.allowed, *node, Score(-Score::infinity), cause, subject);
  }
}

void add_running(WorkingSet& set, Resource& rsc, Node& node, bool failed) {
  if (std::find(rsc.running_on.begin(), rsc.running_on.end(), &node) != rsc.running_on.end()) return;
  rsc.running_on.push_back(&node);
  if (rsc.is(Variant::primitive)) {
    node.running.push_back(&rsc);
    if (!failed) add_priority(rsc, node);
    if (node.maintenance) rsc.managed = false;
  }
  if (!rsc.managed) {
    add_location(set, rsc, &node, Score::infinity, Cause::unmanaged, {});
    // What is around it is active there too, but need not stay
    for (Resource* parent = rsc.parent; parent != nullptr && node.online; parent = parent->parent) parent->running_on.push_back(&node);
    return;
  }
  if (is_multiply_active(rsc)) handle_multiply_active(set, rsc);
  if (rsc.parent != nullptr) add_running(set, *rsc.parent, node, false);
}

}  // namespace relevo::policy::past
