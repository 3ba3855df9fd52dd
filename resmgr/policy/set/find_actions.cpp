// Finding actions of a resource by key, task and node. Nothing is made here.
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {

std::vector<Action*> find_actions(const Resource& rsc, std::string_view key, const Node* node) {
  std::vector<Action*> found;
  for (Action* action : rsc.actions) {
    if (action->key != key) continue;
    // One that was made without a node belongs to the first node that asks for it
    if (node != nullptr && action->node == nullptr) action->node = const_cast<Node*>(node);
    if (node == nullptr || action->node == node) found.push_back(action);
  }
  return found;
}

std::vector<Action*> find_actions_on(const Resource& rsc, std::string_view key, const Node* node) {
  std::vector<Action*> found;
  if (node == nullptr) return found;
  for (Action* action : rsc.actions) {
    if (action->node == node && action->key == key) found.push_back(action);
  }
  return found;
}

std::vector<Action*> task_actions(const Resource& rsc, const Node* node, std::string_view task, bool require_node) {
  const std::string key = op_key(rsc.id, task);
  return require_node ? find_actions_on(rsc, key, node) : find_actions(rsc, key, node);
}

Action* find_first_action(const Resource& rsc, std::string_view key, std::string_view task, const Node* node) {
  for (auto at = rsc.actions.rbegin(); at != rsc.actions.rend(); ++at) {
    Action& action = **at;
    if (!key.empty() && action.key != key) continue;
    if (!task.empty() && action.task != task) continue;
    if (node == nullptr || action.node == node) return &action;
  }
  return nullptr;
}

}  // namespace relevo::policy
