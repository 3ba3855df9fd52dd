// Phase 5: the tables become the plan: actions in an order that respects what they wait for, and scores with reasons.
#include <algorithm>
#include <queue>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using std::chrono::milliseconds;

/// Which steps wait for which, among those that will be in the plan.
struct Wiring {
  std::vector<bool> included;
  std::vector<std::vector<StepIndex>> after, before;  ///< what a step waits for; what waits for it
};

Wiring wire(const Actions& actions) {
  const std::size_t count = actions.steps.size();
  Wiring wiring{std::vector<bool>(count), std::vector<std::vector<StepIndex>>(count),
                std::vector<std::vector<StepIndex>>(count)};
  for (StepIndex i = 0; i < count; ++i) wiring.included[i] = actions.steps[i].required;
  for (const Edge& edge : actions.edges) {
    if (!wiring.included[edge.first] || !wiring.included[edge.then]) continue;
    // What cannot be done must not be waited for; where it must, the later step is not runnable either.
    if (!actions.steps[edge.first].runnable && actions.steps[edge.then].runnable) continue;
    auto& after = wiring.after[edge.then];
    if (std::find(after.begin(), after.end(), edge.first) != after.end()) continue;
    after.push_back(edge.first);
    wiring.before[edge.first].push_back(edge.then);
  }
  return wiring;
}

/// Kahn's order, the smallest index first. Steps of a loop come last, in their own order.
std::vector<StepIndex> sequence(const Wiring& wiring) {
  std::vector<std::size_t> open(wiring.included.size());
  std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>> ready;
  for (StepIndex i = 0; i < open.size(); ++i) {
    open[i] = wiring.after[i].size();
    if (wiring.included[i] && open[i] == 0) ready.push(i);
  }
  std::vector<StepIndex> result;
  std::vector<bool> done(open.size());
  while (!ready.empty()) {
    const StepIndex i = ready.top();
    ready.pop();
    done[i] = true;
    result.push_back(i);
    for (const StepIndex next : wiring.before[i])
      if (--open[next] == 0) ready.push(next);
  }
  for (StepIndex i = 0; i < open.size(); ++i)
    if (wiring.included[i] && !done[i]) result.push_back(i);
  return result;
}

void describe_operation(const model::Resource& resource, const Step& step, Action& action) {
  action.resource = resource.id;
  action.klass = resource.klass;
  action.provider = resource.provider;
  action.type = resource.type;
  action.priority = resource.priority;
  action.parameters = resource.parameters;
  const model::OperationSpec* op = resource.operation(step.task, step.interval);
  if (op && step.kind == ActionKind::resource) {
    action.timeout = op->timeout;
    action.on_fail = model::to_string(op->on_fail);
    for (const auto& [name, value] : op->parameters) action.parameters[name] = value;
    for (const auto& [name, value] : op->meta) action.meta[name] = value;
    if (op->start_delay.count() > 0) action.meta["start_delay"] = std::to_string(op->start_delay.count());
  }
  if (step.kind == ActionKind::cancel) {
    action.task = "cancel";
    action.meta["operation"] = step.task;
  }
  action.meta["name"] = step.task;
  action.meta["interval"] = std::to_string(step.interval.count());
  action.meta["timeout"] = std::to_string(action.timeout.count());
}

Action to_action(const Question& question, const Step& step) {
  Action action;
  action.kind = step.kind;
  action.node = question.node(step.node).uname;
  action.task = step.task;
  action.interval = step.interval;
  action.expected_rc = step.expected_rc;
  action.runnable = step.runnable;
  action.reason = step.runnable ? step.reason : step.why_not;
  if (step.resource) {
    describe_operation(question.resource(*step.resource), step, action);
    action.meta["on_node"] = action.node;
    action.meta["on_node_uuid"] = question.node(step.node).id;
  }
  return action;
}

}  // namespace

std::vector<Action> final_actions(const Question& question, const Actions& actions) {
  const Wiring wiring = wire(actions);
  const std::vector<StepIndex> order = sequence(wiring);
  std::map<StepIndex, ActionId> ids;
  for (const StepIndex i : order) ids.emplace(i, static_cast<ActionId>(ids.size()));
  std::vector<Action> result;
  for (const StepIndex i : order) {
    Action action = to_action(question, actions.steps[i]);
    action.id = ids.at(i);
    for (const StepIndex first : wiring.after[i]) action.after.push_back(ids.at(first));
    std::sort(action.after.begin(), action.after.end());
    result.push_back(std::move(action));
  }
  return result;
}

std::vector<ScoreEntry> score_entries(const Question& question, const Scores& scores) {
  std::vector<ScoreEntry> entries;
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r)
    for (NodeIndex n = 0; n < question.state.nodes.size(); ++n)
      entries.push_back(
          {question.resource(r).id, question.node(n).uname, scores.at(r, n).score, scores.at(r, n).because});
  return entries;
}

}  // namespace relevo::scheduler
