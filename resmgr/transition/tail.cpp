// What an older plan still owes: when a new plan takes its place, notifications of what has happened already, or is happening,
// are told all the same. Source: resmgr spec 2(b), transition engine, "priority".
#include <algorithm>

#include "resmgr/model/score.hpp"
#include "resmgr/transition/engine.hpp"

namespace relevo::transition {

bool is_urgent(const scheduler::Action& action) { return action.priority >= model::Score::infinity; }

bool Engine::has_tail(const scheduler::Action& action) const {
  return std::any_of(tail_.begin(), tail_.end(), [&](const TailStep& step) {
    return !step.done && step.action.resource == action.resource && step.action.node == action.node;
  });
}

/// Urgent steps that wait for nothing but what is done, in flight, or urgent like themselves.
void Engine::keep_tail() {
  std::erase_if(tail_, [](const TailStep& step) { return step.done; });
  if (std::none_of(tail_.begin(), tail_.end(), [](const TailStep& step) { return !step.action.resource.empty(); }))
    tail_.clear();
  std::vector<std::optional<std::uint64_t>> flying(steps_.size());
  for (const auto& [serial, flight] : flights_)
    if (flight.step) flying[*flight.step] = serial;
  std::vector<std::uint64_t> number(steps_.size(), 0);  // of those that are kept
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (step.progress != Progress::waiting || !is_urgent(step.action)) continue;
    TailStep kept{step.action, plan_number_, ++last_tail_, {}, {}, false};
    bool owed = true;
    for (const scheduler::ActionId id : step.action.after) {
      if (id >= steps_.size() || steps_[id].progress == Progress::done || steps_[id].progress == Progress::failed) continue;
      if (flying[id]) kept.flights.insert(*flying[id]);
      else if (number[id] != 0) kept.steps.insert(number[id]);
      else owed = false;
    }
    if (!owed) continue;
    number[i] = kept.number;
    tail_.push_back(std::move(kept));
  }
}

void Engine::finish_in_tail(TailStep& done) {
  done.done = true;
  for (TailStep& step : tail_) step.steps.erase(done.number);
}

bool Engine::is_ready(const TailStep& step) { return !step.done && step.flights.empty() && step.steps.empty(); }

void Engine::fire_tail(Instant now, std::vector<Firing>& fired) {
  for (TailStep& step : tail_) {
    if (!is_ready(step)) continue;
    if (step.action.kind == scheduler::ActionKind::pseudo) {
      finish_in_tail(step);
      continue;
    }
    const bool on_its_way = std::any_of(flights_.begin(), flights_.end(),
                                        [&](const auto& entry) { return entry.second.tail == step.number; });
    if (on_its_way || !within_limits(step.action)) continue;
    const Firing firing{++last_serial_, step.plan, step.action};
    flights_.emplace(firing.serial,
                     Flight{firing, now + step.action.timeout + limits_.cluster_delay, std::nullopt, step.number});
    fired.push_back(firing);
  }
}

}  // namespace relevo::transition
