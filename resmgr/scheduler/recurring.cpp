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
/// `leave_alone`: on a node where nothing may run, a changed definition is no reason to touch it.
bool is_repeated(const model::Resource& resource, const std::string& node, const OperationSpec& op, bool leave_alone) {
  const auto history = resource.history.find(node);
  if (history == resource.history.end()) return false;
  bool repeated = false;
  for (const model::HistoryEntry& entry : since_last_start(history->second))  // the latest one counts
    if (entry.task == op.name && entry.interval == op.interval)
      repeated = leave_alone || !is_outdated(resource, op, entry);
  return repeated;
}

/// The same for an operation with role=Stopped: it was set up after the last stop there.
bool is_repeated_while_stopped(const model::Resource& resource, const std::string& node, const OperationSpec& op) {
  const auto history = resource.history.find(node);
  if (history == resource.history.end()) return false;
  bool found = false;
  for (const model::HistoryEntry& entry : history->second) {
    if (entry.task == "stop") found = false;
    if (entry.task == op.name && entry.interval == op.interval) found = !entry.expired;
  }
  return found;
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
  const bool leave_alone = !question.node(n).available() && !question.node(n).maintenance;
  step.required = !runs || !is_repeated(resource, name, op, leave_alone);
  if (step.required) step.reason = "it shall be checked regularly";
  const auto start = actions.find(r, "start", n);
  const StepIndex index = actions.add(std::move(step));
  if (start) actions.link(*start, index, edge::ordered | edge::first_implies_then | edge::unrunnable_blocks);
}

/// One node where it shall not run: a monitor there tells when it runs nevertheless.
void add_stopped(const Question& question, ResourceIndex r, NodeIndex n, const OperationSpec& op, Actions& actions) {
  const model::Resource& resource = question.resource(r);
  Step step;
  step.resource = r;
  step.node = n;
  step.task = op.name;
  step.interval = op.interval;
  step.expected_rc = model::ocf::not_running;
  step.required = !is_repeated_while_stopped(resource, question.node(n).uname, op);
  if (step.required) step.reason = "it shall be seen if it runs here";
  const StepIndex index = actions.add(std::move(step));
  for (const StepIndex stop : actions.all(r, "stop"))
    if (actions.steps[stop].node == n)
      actions.link(stop, index, edge::ordered | edge::first_implies_then | edge::unrunnable_blocks);
  for (const StepIndex probe : actions.all(r, "monitor"))
    if (actions.steps[probe].node == n && actions.steps[probe].interval.count() == 0)
      actions.link(probe, index, edge::ordered | edge::unrunnable_blocks);
}

/// It is to run here now: the monitor for its absence ends before.
void cancel_stopped(const Question& question, ResourceIndex r, NodeIndex n, const OperationSpec& op, Actions& actions) {
  if (!is_repeated_while_stopped(question.resource(r), question.node(n).uname, op)) return;
  Step step;
  step.kind = ActionKind::cancel;
  step.resource = r;
  step.node = n;
  step.task = op.name;
  step.interval = op.interval;
  step.required = true;
  step.reason = "it starts here";
  const StepIndex index = actions.add(std::move(step));
  if (const auto start = actions.find(r, "start", n))
    actions.link(index, *start, edge::ordered | edge::unrunnable_blocks);
}

void watch_for_absence(const Question& question, ResourceIndex r, const Assignment& assignment, Actions& actions) {
  const model::Resource& resource = question.resource(r);
  if (resource.blocked || resource.maintenance || !resource.supported || resource.orphan) return;
  for (const OperationSpec& op : resource.operations) {
    if (op.interval.count() == 0 || !op.enabled || op.role != Role::stopped) continue;
    for (NodeIndex n = 0; n < question.state.nodes.size(); ++n) {
      const model::Node& node = question.node(n);
      if (!node.online || node.unclean || node.pending) continue;
      const auto& active = resource.active_on;
      const bool left_running = assignment.kept && std::find(active.begin(), active.end(), node.uname) != active.end();
      if (left_running && assignment.node != n) continue;
      const bool here = assignment.node == n && assignment.next_role != Role::stopped;
      if (here)
        cancel_stopped(question, r, n, op, actions);
      else
        add_stopped(question, r, n, op, actions);
    }
  }
}

bool is_watched(const Question& question, const model::Resource& resource, const Assignment& assignment) {
  // is-managed=false does not stop the watching; maintenance does.
  if (resource.blocked || resource.maintenance || !resource.supported || !assignment.node) return false;
  if (assignment.next_role == Role::stopped) return false;
  const model::Node& node = question.node(*assignment.node);
  return node.online && !node.unclean && !node.maintenance;
}

}  // namespace

void add_recurring(const Question& question, const Assignments& assignments, Actions& actions) {
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    const model::Resource& resource = question.resource(r);
    watch_for_absence(question, r, assignments[r], actions);
    if (!is_watched(question, resource, assignments[r])) continue;
    for (const OperationSpec& op : resource.operations)
      if (op.interval.count() > 0 && op.enabled && is_for_active(op))
        add_one(question, r, *assignments[r].node, op, actions);
  }
}

}  // namespace relevo::scheduler
