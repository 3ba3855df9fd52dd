// Orderings that must not count after all: capacity waited for by those that wait for each other, and a container that would
// wait for what lives in it.
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/graph/select.hpp"

namespace relevo::policy {
namespace {

/// Is the node the guest that lives in this container?
bool is_guest_of(const Resource* rsc, const Node* node) {
  return rsc != nullptr && !rsc->fillers.empty() && node != nullptr && node->connection != nullptr && node->connection->container == rsc;
}

bool is_invalid(WorkingSet& set, Action& action, Dependency& input) {
  const bool made_by_us = (input.type & order::preserve) != 0;
  if (!made_by_us && input.action->rsc != nullptr && is_guest_of(action.rsc, input.action->node)) {
    set.say(Notice::Level::warning, fmt::format("Invalid ordering constraint between {} and {}", input.action->rsc->id, action.rsc->id));
    return true;
  }
  return input.type == order::load && action.rsc != nullptr && action.task == "migrate_to" && graph_has_loop(set, action, input);
}

}  // namespace

bool graph_has_loop(WorkingSet& set, Action& action, Dependency& input) {
  if (!counts(set, action, input)) return false;
  if (input.action == &action) return true;
  std::vector<Action*> open{input.action}, visited{input.action};
  input.action->tracking = true;
  bool loop = false;
  while (!loop && !open.empty()) {
    Action& at = *open.back();
    open.pop_back();
    for (auto& further : at.before) {
      if (further.action->tracking || !counts(set, at, further)) continue;
      loop = further.action == &action;
      if (loop) break;
      further.action->tracking = true;
      visited.push_back(further.action);
      open.push_back(further.action);
    }
  }
  for (Action* seen : visited) seen->tracking = false;
  return loop;
}

void disable_invalid_orderings(WorkingSet& set) {
  for (std::size_t i = set.actions.size(); i-- > 0;) {
    Action& action = *set.actions[i];
    for (auto& input : action.before) {
      if (is_invalid(set, action, input)) input.type = order::none;
    }
  }
}

}  // namespace relevo::policy
