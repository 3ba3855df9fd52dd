// Phase 3b: starts and stops. The whole way down and up again is laid out, and what is not needed stays optional, so
// that later phases only have to say "required". Source: resmgr spec 2(a) stage 8.
#include <algorithm>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::Role;

/// One resource's steps.
class RoleChange {
 public:
  RoleChange(const Question& question, ResourceIndex r, const Assignment& assignment, Actions& actions)
      : question_(question), r_(r), resource_(question.resource(r)), assignment_(assignment), actions_(actions) {}

  void lay_out();

 private:
  [[nodiscard]] std::string stop_reason() const;
  [[nodiscard]] std::string move_reason() const;
  [[nodiscard]] bool stays_on(NodeIndex n) const { return assignment_.node && *assignment_.node == n; }
  void add_stops();
  void add_start();
  void link();

  const Question& question_;
  ResourceIndex r_;
  const model::Resource& resource_;
  const Assignment& assignment_;
  Actions& actions_;
  std::vector<StepIndex> stops_;
  std::optional<StepIndex> start_;
  bool only_unexpected_ = false;  ///< multiple-active=stop_unexpected: the instance where it belongs stays up
  bool start_in_flight_ = false;
};

/// Why it leaves the node where it runs.
std::string RoleChange::move_reason() const {
  const std::string& from = resource_.active_on.front();
  if (const std::string why = unavailable(question_.node(question_.node_of(from))); !why.empty())
    return from + ": " + why;
  return question_.node(*assignment_.node).uname + ": " + assignment_.reason;
}

/// Why it must go down although it may come up again on the same node; empty when it need not.
std::string RoleChange::stop_reason() const {
  if (assignment_.next_role == Role::stopped) return assignment_.reason;
  if (resource_.active_on.size() > 1) return "it is active on more than one node";
  if (resource_.active() && resource_.active_on.front() != question_.node(*assignment_.node).uname)
    return move_reason();
  if (resource_.agent_changed) return "its agent was changed";
  if (resource_.failed) return "it failed";
  return {};
}

void RoleChange::add_stops() {
  const std::string reason = stop_reason();
  const std::string to = assignment_.node ? question_.node(*assignment_.node).uname : "";
  const auto& active = resource_.active_on;
  only_unexpected_ = active.size() > 1 && assignment_.next_role != Role::stopped && !resource_.failed_on.contains(to) &&
                     std::find(active.begin(), active.end(), to) != active.end() &&
                     resource_.multiple_active == model::MultipleActive::stop_unexpected;
  for (const std::string& name : resource_.active_on) {
    Step stop;
    stop.resource = r_;
    stop.node = question_.node_of(name);
    stop.task = "stop";
    stop.required = !reason.empty() && !(only_unexpected_ && stays_on(stop.node));
    stop.reason = reason;
    stops_.push_back(actions_.add(std::move(stop)));
  }
}

void RoleChange::add_start() {
  if (assignment_.next_role == Role::stopped || !assignment_.node) return;
  Step start;
  start.resource = r_;
  start.node = *assignment_.node;
  start.task = "start";
  // A start in flight is wanted still: the engine recognises it and does not fire it twice.
  start_in_flight_ = resource_.start_pending && resource_.active_on.size() == 1 &&
                     question_.node_of(resource_.active_on.front()) == start.node && !resource_.failed;
  start.required = !resource_.active() || start_in_flight_;
  if (start.required) start.reason = start_in_flight_ ? "its start has not ended yet" : assignment_.reason;
  start_ = actions_.add(std::move(start));
}

void RoleChange::link() {
  if (!start_) return;
  for (const StepIndex stop : stops_) {
    unsigned flags = edge::ordered | edge::unrunnable_blocks | edge::stop_if_blocked;
    if (!only_unexpected_) flags |= edge::first_implies_then;
    if (!start_in_flight_ && !only_unexpected_) flags |= edge::stop_if_required;
    actions_.link(stop, *start_, flags);
  }
  for (const StepIndex probe : actions_.all(r_, "monitor")) actions_.link(probe, *start_, edge::ordered);
}

void RoleChange::lay_out() {
  add_stops();
  add_start();
  link();
}

}  // namespace

void add_role_changes(const Question& question, const Assignments& assignments, Actions& actions) {
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    if (assignments[r].kept || !question.is_managed(question.resource(r))) continue;
    RoleChange(question, r, assignments[r], actions).lay_out();
  }
}

}  // namespace relevo::scheduler
