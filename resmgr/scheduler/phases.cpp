// The one page to read: how a plan comes about. Each phase is in a file of its own.
#include "resmgr/scheduler/phases.hpp"

#include <algorithm>

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
      if (count.expired) expired.push_back({resource.id, node, count.clear_reason});
  return expired;
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
  answer.recheck_at = recheck(question);
  return answer;
}

}  // namespace relevo::scheduler
