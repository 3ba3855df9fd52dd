// Phase 3c: what the configuration changed about running resources: restarts, monitors to be set up anew or cancelled.
// Source: resmgr spec 2(a) stage 6.
#include "resmgr/model/digest.hpp"
#include "resmgr/scheduler/history.hpp"
#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::HistoryEntry;
using std::chrono::milliseconds;

std::string expected_digest(const model::Resource& resource, const model::OperationSpec& op) {
  model::NvMap parameters = resource.parameters;
  for (const auto& [name, value] : op.parameters) parameters[name] = value;
  return model::operation_digest(parameters, op.interval, op.timeout);
}

void require_restart(ResourceIndex r, Actions& actions) {
  const auto require = [&](StepIndex i) {
    Step& step = actions.steps[i];
    step.required = true;
    if (step.reason.empty()) step.reason = "resource definition change";
  };
  const std::vector<StepIndex> starts = actions.all(r, "start");
  for (const StepIndex start : starts) require(start);
  if (starts.empty()) return;
  for (const StepIndex stop : actions.all(r, "stop")) require(stop);
}

void cancel(ResourceIndex r, NodeIndex n, const HistoryEntry& entry, std::string why, Actions& actions) {
  if (const auto known = actions.find(r, entry.task, n, entry.interval))
    if (actions.steps[*known].kind == ActionKind::cancel) return;  // a failed entry and a regular one tell of the same
  Step step;
  step.kind = ActionKind::cancel;
  step.resource = r;
  step.node = n;
  step.task = entry.task;
  step.interval = entry.interval;
  step.required = true;
  step.reason = std::move(why);
  const StepIndex index = actions.add(std::move(step));
  for (const StepIndex stop : actions.all(r, "stop"))
    if (actions.steps[stop].node == n) actions.link(index, stop, edge::ordered);
}

class Check {
 public:
  Check(const Question& question, ResourceIndex r, NodeIndex n, const Assignment& assignment, Actions& actions)
      : question_(question),
        r_(r),
        n_(n),
        resource_(question.resource(r)),
        assignment_(assignment),
        actions_(actions) {}

  void look_at(const HistoryEntry& entry) {
    if (entry.interval.count() > 0) return recurring(entry);
    if (entry.task != "monitor" && entry.task != "start") return;
    // A probe that found it running stands for a start.
    const model::OperationSpec* op = resource_.operation(entry.task, milliseconds{0});
    if (op && is_outdated(resource_, *op, entry)) require_restart(r_, actions_);
  }

 private:
  void recurring(const HistoryEntry& entry) {
    if ((resource_.maintenance || question_.node(n_).maintenance) && entry.id == entry.key)
      return cancel(r_, n_, entry, "maintenance mode", actions_);
    const model::OperationSpec* op = resource_.operation(entry.task, entry.interval);
    if (op && op->enabled) return;
    if (assignment_.next_role == model::Role::stopped) return;  // its stop ends all that is repeated
    // The record of a failure outlives the operation: it alone is nothing to cancel.
    if (entry.id != entry.key) return;
    if (question_.state.options.stop_orphan_actions)
      cancel(r_, n_, entry, op ? "it was disabled" : "it is no longer configured", actions_);
  }

  const Question& question_;
  ResourceIndex r_;
  NodeIndex n_;
  const model::Resource& resource_;
  const Assignment& assignment_;
  Actions& actions_;
};

}  // namespace

bool is_outdated(const model::Resource& resource, const model::OperationSpec& op, const HistoryEntry& entry) {
  if (entry.expired) return true;
  // What is in flight may not have its digest yet.
  if (entry.is_pending() && entry.op_digest.empty()) return false;
  return entry.op_digest != expected_digest(resource, op);
}

bool failed_as_something_else(const model::Resource& resource, const std::string& node) {
  const auto history = resource.history.find(node);
  if (history == resource.history.end()) return false;
  for (const HistoryEntry& entry : history->second) {
    if (entry.id != resource.id + "_last_failure_0" || (entry.task != "start" && entry.task != "monitor")) continue;
    const model::OperationSpec* op = resource.operation(entry.task, entry.interval);
    if (op && !entry.expired && is_outdated(resource, *op, entry)) return true;
  }
  return false;
}

std::vector<HistoryEntry> since_last_start(const std::vector<HistoryEntry>& entries) {
  std::ptrdiff_t start = -1, stop = -1, seen_running = -1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const HistoryEntry& entry = entries[i];
    const auto at = static_cast<std::ptrdiff_t>(i);
    if (entry.task == "stop" && entry.status == model::ExecStatus::done)
      stop = at;
    else if (entry.task == "start" || entry.task == "migrate_from")
      start = at;
    else if (entry.task == "monitor" && seen_running <= stop &&
             (entry.rc == model::ocf::ok || entry.rc == model::ocf::running_promoted))
      seen_running = at;
  }
  if (start == -1) start = seen_running;
  if (start < stop) return {};
  return {entries.begin() + std::max<std::ptrdiff_t>(start, 0), entries.end()};
}

void add_definition_changes(const Question& question, const Assignments& assignments, Actions& actions) {
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    const model::Resource& resource = question.resource(r);
    if (resource.orphan || !resource.supported) continue;
    for (const std::string& name : resource.active_on) {
      const NodeIndex n = question.node_of(name);
      const auto history = resource.history.find(name);
      if (history == resource.history.end()) continue;
      // Where nothing may run, everything is stopped anyway.
      if (!question.node(n).available() && !question.node(n).maintenance) continue;
      Check check(question, r, n, assignments[r], actions);
      for (const HistoryEntry& entry : since_last_start(history->second)) check.look_at(entry);
    }
  }
}

}  // namespace relevo::scheduler
