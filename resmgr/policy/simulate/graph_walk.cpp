// Firing the synapses of a graph in order, see graph_walk.hpp.
#include "resmgr/policy/simulate/graph_walk.hpp"

#include <algorithm>
#include <string_view>

#include "resmgr/model/score.hpp"

namespace relevo::policy {

GraphWalk::GraphWalk(pugi::xml_node graph) {
  for (auto xml : graph.children("synapse")) read_synapse(xml);
  for (std::size_t i = 0; i < synapses_.size(); ++i) {
    for (const auto& id : synapses_[i].inputs) waiting_[id].push_back(i);
    if (synapses_[i].inputs.empty()) this_round_.insert(i);
  }
}

void GraphWalk::read_synapse(pugi::xml_node xml) {
  Synapse synapse;
  const std::string_view priority = xml.attribute("priority").as_string("0");
  synapse.priority = model::parse_score(priority).value_or(model::Score{}).value;
  for (auto action : xml.child("action_set").children()) synapse.actions.push_back(action);
  for (auto trigger : xml.child("inputs").children("trigger"))
    for (auto input : trigger.children()) {
      const std::string id = input.attribute("id").as_string();
      if (std::find(synapse.inputs.begin(), synapse.inputs.end(), id) == synapse.inputs.end()) synapse.inputs.push_back(id);
    }
  synapses_.push_back(std::move(synapse));
}

bool GraphWalk::may_fire(const Synapse& synapse) const {
  const auto is_pseudo = [](pugi::xml_node action) { return action.name() == std::string_view("pseudo_event"); };
  return !failed_ || synapse.priority >= model::Score::infinity || std::all_of(synapse.actions.begin(), synapse.actions.end(), is_pseudo);
}

bool GraphWalk::fire_next() {
  while (!this_round_.empty() || !next_round_.empty()) {
    if (this_round_.empty()) this_round_.swap(next_round_);
    const auto at = *this_round_.begin();
    this_round_.erase(this_round_.begin());
    if (!may_fire(synapses_[at])) continue;
    synapses_[at].fired = true;
    ++fired_;
    current_ = at;
    is_firing_ = true;
    return true;
  }
  return false;
}

pugi::xml_node GraphWalk::next() {
  for (;;) {
    if (is_firing_) {
      auto& synapse = synapses_[current_];
      if (synapse.next_action < synapse.actions.size()) return synapse.actions[synapse.next_action++];
      is_firing_ = false;
    }
    if (!fire_next()) return {};
  }
}

void GraphWalk::confirm(std::size_t at, const std::string& id) {
  auto& synapse = synapses_[at];
  if (synapse.fired || synapse.inputs.empty()) return;
  std::erase(synapse.inputs, id);
  if (synapse.inputs.empty()) (at > current_ ? this_round_ : next_round_).insert(at);
}

void GraphWalk::done(bool failed) {
  const auto& synapse = synapses_[current_];
  if (synapse.next_action == 0) return;
  failed_ = failed_ || failed;
  const std::string id = synapse.actions[synapse.next_action - 1].attribute("id").as_string();
  const auto waiting = waiting_.find(id);
  if (waiting == waiting_.end()) return;
  for (const auto at : waiting->second)
    if (!failed || synapses_[at].priority >= model::Score::infinity) confirm(at, id);
}

}  // namespace relevo::policy
