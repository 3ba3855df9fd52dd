// Phase 3d: recurring operations of what shall run, and those with role=Stopped where it shall not.
// Source: resmgr spec 2(a) stage 8.
#include <algorithm>

#include "resmgr/scheduler/history.hpp"
#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::OperationSpec;
using model::Role;

/// Is this operation being repeated there already, with the parameters that it should have?
bool is_repeated(const model::Resource& resource, const std::string& node, const OperationSpec& op) {
  const auto history = resource.history.find(node);
  if (history == resource.history.end()) return false;
  for (const model::HistoryEntry& entry : since_last_start(history->second))
    if (entry.task == op.name && entry.interval == op.interval) return !is_outdated(resource, op, entry);
  return false;
}

bool is_for_active(const OperationSpec& op) {
  return op.role == Role::unknown || op.role == Role::started || op.role == Role::unpromoted;
}

void add_one(const Question& question, ResourceIndex r, NodeIndex n, const OperationSpec& op, Actions& actions) {
  const model::Resource& resource = question.resource(r);
  Step step;
  step.resource = r;
  step.node = n;
  step.task = op.name;
  step.interval = op.interval;
  const std::string& name = question.node(n).uname;
  const auto& active = resource.active_on;
  const bool runs = std::find(active.begin(), active.end(), name) != active.end();
  step.required = !runs || !is_repeated(resource, name, op);
  if (step.required) step.reason = "it shall be checked regularly";
  const auto start = actions.find(r, "start", n);
  const StepIndex index = actions.add(std::move(step));
  if (start) actions.link(*start, index, edge::ordered | edge::first_implies_then | edge::unrunnable_blocks);
}

bool is_watched(const Question& question, const model::Resource& resource, const Assignment& assignment) {
  if (resource.blocked || resource.maintenance || !resource.supported || !assignment.node) return false;
  if (assignment.next_role == Role::stopped) return false;
  const model::Node& node = question.node(*assignment.node);
  return node.online && !node.unclean && !node.maintenance;
}

}  // namespace

void add_recurring(const Question& question, const Assignments& assignments, Actions& actions) {
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    const model::Resource& resource = question.resource(r);
    if (!is_watched(question, resource, assignments[r])) continue;
    for (const OperationSpec& op : resource.operations)
      if (op.interval.count() > 0 && op.enabled && is_for_active(op)) add_one(question, r, *assignments[r].node, op, actions);
  }
}

}  // namespace relevo::scheduler
