// Phase 5b: one line a resource: what will become of it, as a transition summary names it. Source: resmgr spec 3.2.
#include <algorithm>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::Role;

class Summary {
 public:
  Summary(const Question& question, ResourceIndex r, const Assignment& assignment, const Actions& actions)
      : question_(question), r_(r), resource_(question.resource(r)), assignment_(assignment), actions_(actions) {}

  Placement make() {
    Placement p;
    p.resource = resource_.id;
    if (resource_.active()) p.from = resource_.active_on.front();
    if (assignment_.node && assignment_.next_role != Role::stopped) p.to = question_.node(*assignment_.node).uname;
    p.blocked = resource_.blocked;
    p.verdict = "Leave";
    p.reason = assignment_.reason;
    if (!assignment_.kept) judge(p);
    return p;
  }

 private:
  /// The first required stop, and the start.
  const Step* stop() const {
    for (const StepIndex i : actions_.all(r_, "stop"))
      if (actions_.steps[i].required) return &actions_.steps[i];
    return nullptr;
  }
  const Step* start() const {
    for (const StepIndex i : actions_.all(r_, "start"))
      if (actions_.steps[i].required) return &actions_.steps[i];
    return nullptr;
  }
  void judge(Placement& p) const;
  void judge_running(Placement& p, const Step* stop, const Step* start) const;

  const Question& question_;
  ResourceIndex r_;
  const model::Resource& resource_;
  const Assignment& assignment_;
  const Actions& actions_;
};

void Summary::judge(Placement& p) const {
  const Step* down = stop();
  const Step* up = start();
  if (!resource_.active()) {
    if (!up) return;
    p.verdict = "Start";
    p.blocked = !up->runnable;
    if (!up->runnable) p.reason = up->why_not;
    return;
  }
  if (down || up) judge_running(p, down, up);
}

void Summary::judge_running(Placement& p, const Step* down, const Step* up) const {
  if (!down) return;  // its start is in flight, or a stop elsewhere was not needed
  p.blocked = !down->runnable;
  p.reason = down->runnable ? down->reason : down->why_not;
  // `up` is looked for among the required ones; the stop alone tells that it goes down.
  if (!up && assignment_.next_role != Role::stopped) {
    p.verdict = resource_.failed ? "Recover" : "Restart";  // only the instances where it does not belong go down
    return;
  }
  if (!up || !up->runnable) {
    const bool blocked_move = up && !down->runnable;
    p.verdict = blocked_move && p.to != p.from ? "Move" : "Stop";
    if (p.verdict == "Stop") p.to.clear();
    return;
  }
  if (resource_.failed)
    p.verdict = "Recover";
  else
    p.verdict = p.to != p.from ? "Move" : "Restart";
}

}  // namespace

std::vector<Placement> placements(const Question& question, const Assignments& assignments, const Actions& actions) {
  std::vector<Placement> all;
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r)
    all.push_back(Summary(question, r, assignments[r], actions).make());
  return all;
}

}  // namespace relevo::scheduler
