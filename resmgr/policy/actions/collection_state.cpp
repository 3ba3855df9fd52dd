// How a collection's pseudo action stands, from the actions of its parts. Source: resmgr spec 2(a) stage 8.
#include <string_view>

#include "resmgr/policy/actions/collections.hpp"

namespace relevo::policy {
namespace {

constexpr ActionState none{.optional = true, .runnable = false, .pseudo = true};

/// A primitive has no `running` and the like: there the operation itself counts.
std::string_view part_task(std::string_view task, const Resource& part) {
  if (!part.is(Variant::primitive)) return task;
  if (task == "running") return "start";
  if (task == "stopped") return "stop";
  if (task == "promoted") return "promote";
  if (task == "demoted") return "demote";
  return task;
}

/// For a notification the operation that it is about: `X_pre_notify_stop_0` gives `stop`.
std::string_view operation_of(const Action& action) {
  if (action.task != "notify" && action.task != "notified") return action.task;
  std::string_view key = action.key;
  key = key.substr(0, key.rfind('_'));
  const auto at = key.rfind('_');
  return at == std::string_view::npos ? std::string_view(action.task) : key.substr(at + 1);
}

ActionState group_state(const WorkingSet& set, Action& action, const Node* node) {
  ActionState state{.optional = true, .runnable = true, .pseudo = true};
  for (const Resource* member : action.rsc->children) {
    const auto task = part_task(action.task, *member);
    Action* of_member = find_first_action(*member, {}, task, node);
    if (of_member == nullptr) {
      // Only stop and demote can be done when some members have nothing to do
      if (task != "stop" && task != "demote") state.runnable = false;
      continue;
    }
    const auto part = action_state(set, *of_member, node);
    if (state.optional && !part.optional) {
      state.optional = false;
      if (action.optional) action.required_by = of_member;
      action.optional = false;
    }
    if (task != action.task && state.runnable && !part.runnable) {
      state.runnable = false;
      block(action, "a member's action cannot run");
    }
  }
  return state;
}

ActionState instances_state(const WorkingSet& set, Action& action, const std::vector<Resource*>& instances,
                            std::string_view task, const Node* node) {
  ActionState state{.optional = true, .runnable = false, .pseudo = true};
  for (const Resource* instance : instances) {
    const Node* where = instance->children.empty() ? node : nullptr;
    Action* of_instance = find_first_action(*instance, {}, task, where);
    if (of_instance == nullptr) continue;
    const auto part = action_state(set, *of_instance, node);
    if (state.optional && !part.optional) {
      state.optional = false;
      if (action.optional) action.required_by = of_instance;
      action.optional = false;
    }
    state.runnable = state.runnable || part.runnable;
  }
  if (!state.runnable && node == nullptr) block(action, "no instance's action can run");
  return state;
}

/// Promotion and notifications are done by what runs inside the containers, all else by the containers themselves.
ActionState bundle_state(const WorkingSet& set, Action& action, const Node* node) {
  const Resource& bundle = *action.rsc;
  const auto containers = containers_of(bundle);
  if (containers.empty()) return none;
  const auto task = part_task(operation_of(action), *containers.front());
  const bool of_container = task == "start" || task == "stop";
  const Resource* child = bundle.bundle ? bundle.bundle->child : nullptr;
  if (child == nullptr || of_container) return instances_state(set, action, containers, task, node);
  return instances_state(set, action, child->children, task, node);
}

}  // namespace

ActionState action_state(const WorkingSet& set, Action& action, const Node* node) {
  if (action.rsc != nullptr) {
    switch (action.rsc->variant) {
      case Variant::group:
        return group_state(set, action, node);
      case Variant::clone:
        if (action.rsc->children.empty()) return none;
        return instances_state(set, action, action.rsc->children,
                               part_task(operation_of(action), *action.rsc->children.front()), node);
      case Variant::bundle:
        return bundle_state(set, action, node);
      case Variant::primitive:
        break;
    }
  }
  return {.optional = action.optional, .runnable = action.runnable, .pseudo = action.pseudo};
}

}  // namespace relevo::policy
