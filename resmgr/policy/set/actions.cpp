// Making actions: one for each key and node, required or not, and whether it can run. What the configuration says about
// it is read in operation.cpp.
#include "resmgr/policy/set/actions.hpp"

#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

/// Of the cluster's own actions the key alone is the name; a second node with the same key gets a place of its own.
Action* find_cluster_action(const WorkingSet& set, const std::string& key, Node* node) {
  auto at = set.singletons.find(key);
  if (at == set.singletons.end()) return nullptr;
  Action* action = at->second;
  if (node == nullptr || action->node == node) return action;
  if (action->node == nullptr) {
    action->node = node;
    return action;
  }
  at = set.singletons.find(fmt::format("{}@{}", key, node->name));
  return at == set.singletons.end() ? nullptr : at->second;
}

Action* find_existing(const WorkingSet& set, const Resource* rsc, const std::string& key, Node* node) {
  if (rsc == nullptr) return find_cluster_action(set, key, node);
  for (Action* action : rsc->actions) {
    if (node != nullptr && action->node != nullptr && action->node != node) continue;
    if (action->key != key) continue;
    if (node != nullptr) action->node = node;
    return action;
  }
  return nullptr;
}

void remember(WorkingSet& set, Action& action) {
  set.actions.push_back(&action);
  if (action.rsc != nullptr) {
    action.rsc->actions.push_back(&action);
  } else if (!set.singletons.emplace(action.key, &action).second && action.node != nullptr) {
    set.singletons.emplace(fmt::format("{}@{}", action.key, action.node->name), &action);
  }
}

Action& make_action(WorkingSet& set, Resource* rsc, std::string key, std::string_view task, Node* node, bool optional) {
  Action& action = set.all_actions.emplace_back();
  action.id = static_cast<std::uint32_t>(set.all_actions.size());
  action.rsc = rsc;
  action.node = node;
  action.task = task;
  action.key = std::move(key);
  action.optional = optional;
  action.on_dc = task == "lrm_delete";  // the history of a node can be deleted by the DC
  if (rsc != nullptr) {
    const auto parts = split_key(action.key);
    if (parts) action.interval = parts->interval;
    unpack_operation(set, action);
  }
  remember(set, action);
  return action;
}

void update_optional(Action& action, bool optional) {
  const bool unmanaged = action.rsc != nullptr && action.node != nullptr && !action.pseudo && !action.rsc->managed;
  if (unmanaged && action.meta.find("interval") == action.meta.end()) {
    action.optional = true;
  } else if (!optional) {
    action.optional = false;
  }
}

void unblock(Action& action) {
  action.runnable = true;
  action.why_not.clear();
}

/// What a missing quorum means for the resource's actions; caps the role for no-quorum-policy=demote.
QuorumPolicy effective_policy(const WorkingSet& set, Resource& rsc) {
  if (set.options.have_quorum) return QuorumPolicy::ignore;
  if (set.options.no_quorum_policy != QuorumPolicy::demote) return set.options.no_quorum_policy;
  if (rsc.role != Role::promoted && rsc.role != Role::unpromoted) return QuorumPolicy::stop;
  if (rsc.next_role > Role::unpromoted) {
    rsc.next_role = Role::unpromoted;
    rsc.next_role_reason = "no-quorum-policy=demote";
  }
  return QuorumPolicy::ignore;
}

void apply_quorum(const WorkingSet& set, Action& action) {
  Resource& rsc = *action.rsc;
  switch (effective_policy(set, rsc)) {
    case QuorumPolicy::stop:
      block(action, "no quorum");
      set_reason(action, "no quorum", true);
      break;
    case QuorumPolicy::freeze:
      if (!is_active(rsc, true) || rsc.next_role > rsc.role) {
        block(action, "quorum freeze");
        set_reason(action, "quorum freeze", true);
      }
      break;
    default:
      unblock(action);
  }
}

void update_on_offline_node(WorkingSet& set, Action& action) {
  block(action, "node is offline");
  set.say(Notice::Level::warning, fmt::format("{} on {} is unrunnable (node is offline)", action.key, action.node->name));
  if (action.rsc->managed && action.task == "stop" && !action.node->unclean) {
    fence_node(set, *action.node, "stop is unrunnable", false);
  }
}

void update_runnable(WorkingSet& set, Action& action) {
  if (action.pseudo) return;
  Node* node = action.node;
  if (node == nullptr) {
    block(action, "no node");
  } else if (!action.on_dc && !node->online && (!node->is_guest() || node->remote_requires_reset)) {
    update_on_offline_node(set, action);
  } else if (!action.on_dc && node->pending) {
    block(action, "node is pending");
    set.say(Notice::Level::warning, fmt::format("Action {} on {} is unrunnable (node is pending)", action.key, node->name));
  } else if (action.needs != Needs::nothing) {
    apply_quorum(set, action);
  } else {
    set_reason(action, {}, true);
    // What needs nothing needs no fencing; but on a guest whose host is lost for good nothing can be done
    if (node->is_guest() && !can_fence(set, *node)) {
      block(action, "node's host cannot be fenced");
    } else {
      unblock(action);
    }
  }
}

void update_resource(Action& action) {
  if (action.task == "stop") {
    action.rsc->stopping = true;
  } else if (action.task == "start") {
    action.rsc->starting = action.runnable;
  }
}

/// Instance attributes of the configured operation, which may depend on the node.
void read_node_attributes(WorkingSet& set, Action& action) {
  if (action.have_attributes || !action.op) return;
  action.have_attributes = true;
  Asking asking;
  asking.node = action.node;
  read_blocks(set, action.op, "instance_attributes", asking, action.extra);
}

}  // namespace

Action& custom_action(WorkingSet& set, Resource* rsc, std::string key, std::string_view task, Node* node, bool optional) {
  Action* found = find_existing(set, rsc, key, node);
  Action& action = found != nullptr ? *found : make_action(set, rsc, std::move(key), task, node, optional);
  update_optional(action, optional);
  if (rsc != nullptr) {
    if (action.node != nullptr) read_node_attributes(set, action);
    update_runnable(set, action);
    update_resource(action);
  }
  return action;
}

Action& rsc_action(WorkingSet& set, Resource& rsc, std::string_view task, Node* node, bool optional) {
  return custom_action(set, &rsc, op_key(rsc.id, task), task, node, optional);
}

Action& pseudo_action(WorkingSet& set, Resource* rsc, std::string key, std::string_view task, bool optional) {
  Action& action = custom_action(set, rsc, std::move(key), task, nullptr, optional);
  action.pseudo = true;
  unblock(action);
  return action;
}

void require(Action& action, std::string_view reason) {
  action.optional = false;
  set_reason(action, reason, false);
}

void block(Action& action, std::string_view why_not) {
  action.runnable = false;
  if (action.why_not.empty()) action.why_not = why_not;
}

void set_reason(Action& action, std::string_view reason, bool overwrite) {
  if (overwrite || action.reason.empty()) action.reason = reason;
}

void expect_result(Action& action, int rc) { action.meta.insert_or_assign("op_target_rc", std::to_string(rc)); }

}  // namespace relevo::policy
