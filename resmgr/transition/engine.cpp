// See engine.hpp. Source: resmgr spec 2(b), "Transition engine"; DESIGN 6.4, "Replan while running".
#include "resmgr/transition/engine.hpp"

#include <algorithm>

namespace relevo::transition {
namespace {

using scheduler::Action;
using scheduler::ActionKind;

/// The task that a cancel ends, so that two cancels are told apart.
std::string cancelled(const Action& action) {
  const auto it = action.meta.find("operation");
  return it == action.meta.end() ? std::string() : it->second;
}

/// The same work on the same thing: what a new plan may adopt. Other parameters make it other work.
bool is_same_work(const Action& a, const Action& b) {
  return a.kind == b.kind && a.resource == b.resource && a.node == b.node && a.task == b.task &&
         a.interval == b.interval && a.expected_rc == b.expected_rc && a.parameters == b.parameters &&
         cancelled(a) == cancelled(b) && (a.task != "notify" || a.meta == b.meta);
}

/// By what name its result is told.
std::string_view task_in_results(const Action& action) {
  switch (action.kind) {
    case ActionKind::cancel: return "cancel";
    case ActionKind::clear_failures: return "clear_failcount";
    case ActionKind::forget: return "lrm_delete";
    default: return action.task;
  }
}

bool is_migration(const Action& action) { return action.task == "migrate_to" || action.task == "migrate_from"; }

/// One of several that share a name in the histories: those on other nodes are other instances.
bool is_instance(const Action& action) { return !action.instance.empty() && action.instance != action.resource; }

bool is_pseudo(const Action& action) { return action.kind == ActionKind::pseudo; }

/// Monitors only look: whatever another plan does with the resource need not wait for them.
bool changes_resource(const Action& action) {
  return action.task != "monitor" && action.task != "notify" && action.kind == ActionKind::resource;
}

}  // namespace

std::string key_of(const Firing& firing) {
  return std::to_string(firing.action.id) + ":" + std::to_string(firing.plan) + ":" +
         std::to_string(firing.action.expected_rc) + ":";
}

void Engine::set_plan(const scheduler::Plan& plan, const Limits& limits, bool nothing_happened) {
  std::vector<Action> done;
  for (const Step& step : steps_)
    if (nothing_happened && step.progress == Progress::done && !is_pseudo(step.action)) done.push_back(step.action);
  keep_tail();
  limits_ = limits;
  ++plan_number_;
  steps_.clear();
  for (const Action& action : plan.actions)
    steps_.push_back({action, action.runnable ? Progress::waiting : Progress::dropped});
  for (Step& step : steps_) {
    const auto is_it = [&](const Action& action) { return is_same_work(step.action, action); };
    if (step.progress == Progress::waiting && std::any_of(done.begin(), done.end(), is_it)) step.progress = Progress::done;
  }
  for (auto& [serial, flight] : flights_) flight.step.reset();
  std::vector<bool> reached(steps_.size(), false);
  for (std::size_t i = 0; i < steps_.size(); ++i) adopt(i, reached);
}

/// Work in flight counts as this step only when nothing that the plan wants before it is missing: a monitor from
/// before a restart is not the monitor after it. Actions come in an order that respects what they wait for. `reached`:
/// in flight, or a pseudo-action with nothing missing before it.
void Engine::adopt(std::size_t i, std::vector<bool>& reached) {
  Step& step = steps_[i];
  if (step.progress != Progress::waiting) return;
  const auto& after = step.action.after;
  const bool free = std::all_of(after.begin(), after.end(),
                                [&](scheduler::ActionId id) { return id >= steps_.size() || reached[id]; });
  if (!free) return;
  if (is_pseudo(step.action)) reached[i] = true;
  for (auto& [serial, flight] : flights_) {
    if (flight.step || flight.tail != 0 || !is_same_work(step.action, flight.firing.action)) continue;
    flight.step = i;
    step.progress = Progress::in_flight;
    reached[i] = true;
    return;
  }
}

void Engine::clear() {
  steps_.clear();
  tail_.clear();
  flights_.clear();
}

bool Engine::inputs_done(const Step& step) const {
  return std::all_of(step.action.after.begin(), step.action.after.end(), [&](scheduler::ActionId id) {
    if (id >= steps_.size() || steps_[id].progress == Progress::done) return true;
    return steps_[id].progress == Progress::failed && is_urgent(step.action);
  });
}

/// Something of an older plan still changes this resource, or its result would be taken for this action's: whatever
/// the new plan wants with it must wait for the end.
bool Engine::is_held(const Action& action) const {
  if (action.resource.empty()) return false;
  if (has_tail(action)) return true;
  return std::any_of(flights_.begin(), flights_.end(), [&](const auto& entry) {
    const Flight& flight = entry.second;
    const Action& other = flight.firing.action;
    if (flight.step || flight.tail != 0 || other.resource != action.resource) return false;
    if (is_instance(action) && other.node != action.node) return false;
    const bool same_result =
        other.node == action.node && other.task == action.task && other.interval == action.interval;
    return changes_resource(other) || same_result;
  });
}

bool Engine::within_limits(const Action& action) const {
  if (limits_.batch_limit > 0 && flights_.size() >= limits_.batch_limit) return false;
  std::size_t there = 0, migrations = 0;
  for (const auto& [serial, flight] : flights_) {
    if (flight.firing.action.node != action.node) continue;
    ++there;
    migrations += is_migration(flight.firing.action) ? 1U : 0U;
  }
  if (is_migration(action) && limits_.migration_limit && migrations >= *limits_.migration_limit) return false;
  return limits_.node_limit == 0 || there < limits_.node_limit;
}

/// Pseudo-actions are done as soon as their inputs are.
bool Engine::pass_pseudo() {
  bool passed = false;
  for (Step& step : steps_) {
    if (step.progress != Progress::waiting || !is_pseudo(step.action) || !inputs_done(step)) continue;
    step.progress = Progress::done;
    passed = true;
  }
  return passed;
}

std::vector<Firing> Engine::fire(Instant now) {
  while (pass_pseudo()) {
  }
  std::vector<Firing> fired;
  fire_tail(now, fired);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    if (step.progress != Progress::waiting || is_pseudo(step.action) || !inputs_done(step)) continue;
    if (is_held(step.action) || !within_limits(step.action)) continue;
    step.progress = Progress::in_flight;
    const Firing firing{++last_serial_, plan_number_, step.action};
    flights_.emplace(firing.serial, Flight{firing, now + step.action.timeout + limits_.cluster_delay, i, 0});
    fired.push_back(firing);
  }
  return fired;
}

Verdict Engine::finish(std::map<std::uint64_t, Flight>::iterator flight, bool success) {
  const auto step = flight->second.step;
  const auto serial = flight->first, tail = flight->second.tail;
  flights_.erase(flight);
  for (TailStep& each : tail_) {
    each.flights.erase(serial);
    if (tail != 0 && each.number == tail) finish_in_tail(each);
  }
  if (tail != 0) return Verdict::expected;
  if (!step) return Verdict::foreign;
  steps_[*step].progress = success ? Progress::done : Progress::failed;
  return success ? Verdict::expected : Verdict::failed;
}

Verdict Engine::on_result(const std::string& resource, const std::string& node, const std::string& task,
                          std::chrono::milliseconds interval, int rc, bool executed, std::string_view transition_key) {
  auto found = flights_.end();
  for (auto it = flights_.begin(); it != flights_.end(); ++it) {
    const Action& action = it->second.firing.action;
    if (task_in_results(action) != task || action.resource != resource || action.node != node ||
        action.interval != interval)
      continue;
    const bool exact = transition_key.starts_with(key_of(it->second.firing));
    if (exact || found == flights_.end()) found = it;
    if (exact) break;
  }
  if (found == flights_.end()) return Verdict::foreign;
  const bool expected = rc == found->second.firing.action.expected_rc || task == "notify";
  return finish(found, executed && expected);
}

Verdict Engine::on_done(ActionKind kind, const std::string& node) {
  for (auto it = flights_.begin(); it != flights_.end(); ++it)
    if (it->second.firing.action.kind == kind && it->second.firing.action.node == node) return finish(it, true);
  return Verdict::foreign;
}

std::vector<Firing> Engine::on_node_lost(const std::string& node) {
  std::vector<Firing> lost;
  for (auto it = flights_.begin(); it != flights_.end();) {
    const auto next = std::next(it);
    if (it->second.firing.action.node == node && it->second.firing.action.kind != ActionKind::fence) {
      lost.push_back(it->second.firing);
      finish(it, false);
    }
    it = next;
  }
  return lost;
}

std::vector<Firing> Engine::expire(Instant now) {
  std::vector<Firing> late;
  for (auto it = flights_.begin(); it != flights_.end();) {
    const auto next = std::next(it);
    if (it->second.deadline <= now) {
      late.push_back(it->second.firing);
      finish(it, false);
    }
    it = next;
  }
  return late;
}

State Engine::state() const {
  if (!flights_.empty() || std::any_of(tail_.begin(), tail_.end(), is_ready)) return State::running;
  bool waiting = false;
  for (const Step& step : steps_) {
    if (step.progress == Progress::waiting && inputs_done(step)) return State::running;
    waiting |= step.progress == Progress::waiting || step.progress == Progress::failed;
  }
  return waiting ? State::stuck : State::idle;
}

std::optional<Instant> Engine::next_deadline() const {
  std::optional<Instant> next;
  for (const auto& [serial, flight] : flights_)
    if (!next || flight.deadline < *next) next = flight.deadline;
  return next;
}

std::vector<Firing> Engine::in_flight() const {
  std::vector<Firing> all;
  for (const auto& [serial, flight] : flights_) all.push_back(flight.firing);
  return all;
}

std::vector<std::string> Engine::waiting() const {
  std::vector<std::string> all;
  for (const auto& [serial, flight] : flights_) {
    const Action& action = flight.firing.action;
    all.push_back(action.task + (action.resource.empty() ? "" : " of " + action.resource) + " on " + action.node);
  }
  for (const Step& step : steps_)
    if (step.progress == Progress::waiting && !is_pseudo(step.action))
      all.push_back(step.action.task + (step.action.resource.empty() ? "" : " of " + step.action.resource) + " on " +
                    step.action.node);
  return all;
}

}  // namespace relevo::transition
