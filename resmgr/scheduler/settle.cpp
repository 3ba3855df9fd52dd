// Phase 4b: the edges are applied until nothing changes: what becomes required, what cannot be done.
// Source: resmgr spec 2(a) stage 11.
#include <deque>

#include <fmt/core.h>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

std::string name_of(const Question& question, const Step& step) {
  return step.resource ? question.resource(*step.resource).id : question.node(step.node).uname;
}

class Settling {
 public:
  Settling(const Question& question, Actions& actions)
      : question_(question), actions_(actions), edges_of_(actions.steps.size()), queued_(actions.steps.size(), true) {
    for (std::size_t e = 0; e < actions.edges.size(); ++e) {
      edges_of_[actions.edges[e].first].push_back(e);
      edges_of_[actions.edges[e].then].push_back(e);
    }
    for (StepIndex i = 0; i < actions.steps.size(); ++i) queue_.push_back(i);
  }

  /// Ends: a step only ever becomes required or not runnable, each once.
  void run() {
    while (!queue_.empty()) {
      const StepIndex step = queue_.front();
      queue_.pop_front();
      queued_[step] = false;
      for (const std::size_t e : edges_of_[step]) apply(actions_.edges[e]);
    }
  }

 private:
  void require(StepIndex i, const std::string& why) {
    Step& step = actions_.steps[i];
    if (step.required) return;
    step.required = true;
    if (step.reason.empty()) step.reason = why;
    again(i);
  }
  void forbid(StepIndex i, const std::string& why) {
    Step& step = actions_.steps[i];
    if (!step.runnable) return;
    step.runnable = false;
    step.why_not = why;
    again(i);
  }
  void again(StepIndex i) {
    if (!queued_[i]) queue_.push_back(i);
    queued_[i] = true;
  }
  /// Within one resource the cause is the same; otherwise the other one is named.
  [[nodiscard]] std::string consequence(const Step& cause, const Step& effect) const {
    if (cause.resource == effect.resource && !cause.reason.empty()) return cause.reason;
    return fmt::format("required {} {}", name_of(question_, cause), cause.task);
  }
  void apply(const Edge& edge) {
    const Step& first = actions_.steps[edge.first];
    const Step& then = actions_.steps[edge.then];
    const bool both_runnable = first.runnable || (edge.flags & edge::unrunnable_blocks) == 0;
    if ((edge.flags & edge::first_implies_then) != 0 && first.required) require(edge.then, consequence(first, then));
    if ((edge.flags & edge::then_implies_first) != 0 && then.required) require(edge.first, consequence(then, first));
    // A running resource whose start is needed, or would not be allowed, goes down first.
    const bool must_stop = ((edge.flags & edge::stop_if_blocked) != 0 && !then.runnable) ||
                           ((edge.flags & edge::stop_if_required) != 0 && then.required);
    if (must_stop && first.runnable) require(edge.first, then.runnable ? then.reason : then.why_not);
    if (!both_runnable && first.required)
      forbid(edge.then, first.resource == then.resource ? first.why_not
                                                        : fmt::format("unrunnable {} {}: {}", name_of(question_, first),
                                                                      first.task, first.why_not));
  }

  const Question& question_;
  Actions& actions_;
  std::vector<std::vector<std::size_t>> edges_of_;
  std::deque<StepIndex> queue_;
  std::vector<bool> queued_;
};

}  // namespace

void settle(const Question& question, Actions& actions) { Settling(question, actions).run(); }

}  // namespace relevo::scheduler
