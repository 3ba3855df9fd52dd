// The one page to read: how a plan comes about. Each phase is in a file of its own.
#include "resmgr/scheduler/phases.hpp"

#include "resmgr/scheduler/history.hpp"

namespace relevo::scheduler {
namespace {

/// The earliest moment at which the answer changes by itself.
std::optional<WallTime> recheck(const Question& question) {
  std::optional<WallTime> at = question.state.recheck_at;
  const auto& guard = question.options.guard_ends;
  if (guard && (!at || *guard < *at)) at = guard;
  return at;
}

/// Failures that are too old to count any more: their records may go.
std::vector<ExpiredFailure> expired_failures(const Question& question) {
  std::vector<ExpiredFailure> expired;
  for (const model::Resource& resource : question.state.resources)
    for (const auto& [node, count] : resource.fail_counts)
      if (count.expired)
        expired.push_back({resource.id, node, count.clear_reason});
      else if (count.count > 0 && failed_as_something_else(resource, node))
        expired.push_back({resource.id, node, "resource parameters have changed"});
  return expired;
}

/// What is left in the status of resources that were removed and have been stopped.
std::vector<StaleHistory> stale_histories(const Question& question) {
  std::vector<StaleHistory> stale;
  for (const model::Resource& resource : question.state.resources) {
    if (!resource.orphan || resource.active() || !question.state.options.stop_orphan_resources) continue;
    for (const auto& [node, entries] : resource.history) stale.push_back({resource.id, node});
  }
  return stale;
}

}  // namespace

Result<Plan> plan(const model::ClusterState& state, WallTime now, const PlanOptions& options) {
  const Question question(state, options, now);
  Plan answer;
  answer.warnings = warnings(question);

  // 1. Where could everything run, and how gladly?
  Scores scores = node_scores(question);
  // 2. Where shall it run?
  const Assignments assignments = assign(question, scores);

  // 3. Which steps lead there? First what must be known, then what changes, then what keeps watch.
  Actions actions;
  add_probes(question, actions);
  add_role_changes(question, assignments, actions);
  add_definition_changes(question, assignments, actions);
  add_recurring(question, assignments, actions);
  add_shutdowns(question, actions);

  // 4. Which of them may not be taken now, and what follows from that?
  restrain(question, actions);
  settle(question, actions);

  // 5. The tables become the plan.
  answer.scores = score_entries(question, scores);
  answer.placements = placements(question, assignments, actions);
  answer.actions = final_actions(question, actions);
  answer.expired_failures = expired_failures(question);
  answer.stale_histories = stale_histories(question);
  answer.recheck_at = recheck(question);
  return answer;
}

}  // namespace relevo::scheduler
