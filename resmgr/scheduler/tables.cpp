// Building and searching the scheduler's tables. Decides nothing.
#include "resmgr/scheduler/tables.hpp"

#include <algorithm>
#include <numeric>

namespace relevo::scheduler {

Question::Question(const model::ClusterState& the_state, const PlanOptions& the_options, WallTime the_time)
    : state(the_state), options(the_options), now(the_time) {
  for (NodeIndex i = 0; i < state.nodes.size(); ++i) node_index.emplace(state.nodes[i].uname, i);
  for (ResourceIndex i = 0; i < state.resources.size(); ++i) resource_index.emplace(state.resources[i].id, i);
  can_fence = state.options.stonith_enabled && state.has_fence_device;
  may_start = !state.options.stonith_enabled || state.has_fence_device;
  order.resize(state.resources.size());
  std::iota(order.begin(), order.end(), ResourceIndex{0});
  std::stable_sort(order.begin(), order.end(), [&](ResourceIndex a, ResourceIndex b) {
    if (resource(a).orphan != resource(b).orphan) return resource(b).orphan;
    return resource(a).priority > resource(b).priority;
  });
}

void Cell::add(std::string rule, std::string subject, model::Score by, std::string text) {
  score = score + by;
  because.push_back({std::move(rule), std::move(subject), by, std::move(text)});
}

StepIndex Actions::add(Step step) {
  const StepIndex index = steps.size();
  if (step.resource) by_resource_[*step.resource].push_back(index);
  steps.push_back(std::move(step));
  return index;
}

std::optional<StepIndex> Actions::find(ResourceIndex resource, std::string_view task, NodeIndex node,
                                       std::chrono::milliseconds interval) const {
  for (const StepIndex i : all(resource, task))
    if (steps[i].node == node && steps[i].interval == interval) return i;
  return std::nullopt;
}

std::vector<StepIndex> Actions::all(ResourceIndex resource, std::string_view task) const {
  std::vector<StepIndex> found;
  const auto it = by_resource_.find(resource);
  if (it == by_resource_.end()) return found;
  for (const StepIndex i : it->second)
    if (steps[i].task == task) found.push_back(i);
  return found;
}

}  // namespace relevo::scheduler
