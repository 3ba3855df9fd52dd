// Orderings in a circle, see verify.hpp: a circle of keys (`A_start_0`) in which at least one link is a constraint.
#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/verify/verify.hpp"

namespace relevo::policy {
namespace {

struct Edge {
  std::size_t to = 0;
  std::string_view id;  ///< of the constraint; empty for what collections bring with them
};

/// What comes before what, by keys.
class Sequence {
 public:
  explicit Sequence(const WorkingSet& set);
  /// The shortest way from the end of that edge back to its beginning, the edge itself first; empty when there is none.
  struct Step {
    std::size_t from = 0;
    Edge edge;
  };
  [[nodiscard]] std::vector<Step> circle(std::size_t from, const Edge& edge) const;
  [[nodiscard]] const std::vector<std::vector<Edge>>& edges() const { return edges_; }
  [[nodiscard]] const std::string& key(std::size_t at) const { return keys_[at]; }
  /// Keys that may be in a circle: the others have nothing before them, or nothing behind them, that may.
  [[nodiscard]] std::vector<bool> suspects() const;

 private:
  std::size_t place(const std::string& key);

  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::string> keys_;
  std::vector<std::vector<Edge>> edges_;
};

std::size_t Sequence::place(const std::string& key) {
  const auto [at, is_new] = places_.try_emplace(key, keys_.size());
  if (is_new) {
    keys_.push_back(key);
    edges_.emplace_back();
  }
  return at->second;
}

Sequence::Sequence(const WorkingSet& set) {
  for (const Ordering& ordering : set.orderings) {
    const bool means_nothing = ordering.flags == order::none || (ordering.flags & order::serialize_only) != 0;
    if (means_nothing || ordering.first_task.empty() || ordering.then_task.empty()) continue;
    const auto first = place(ordering.first_task);
    const auto then = place(ordering.then_task);
    edges_[first].push_back({then, ordering.id});
  }
}

std::vector<bool> Sequence::suspects() const {
  std::vector<std::vector<std::size_t>> back(keys_.size());
  std::vector<std::size_t> in(keys_.size()), out(keys_.size());
  for (std::size_t from = 0; from < edges_.size(); ++from) {
    for (const Edge& edge : edges_[from]) {
      back[edge.to].push_back(from);
      ++in[edge.to];
      ++out[from];
    }
  }
  std::vector<bool> suspect(keys_.size(), true);
  std::vector<std::size_t> free;
  const auto release = [&](std::size_t at) {
    if (!suspect[at] || (in[at] > 0 && out[at] > 0)) return;
    suspect[at] = false;
    free.push_back(at);
  };
  for (std::size_t at = 0; at < keys_.size(); ++at) release(at);
  while (!free.empty()) {
    const auto at = free.back();
    free.pop_back();
    for (const Edge& edge : edges_[at]) {
      --in[edge.to];
      release(edge.to);
    }
    for (const auto before : back[at]) {
      --out[before];
      release(before);
    }
  }
  return suspect;
}

std::vector<Sequence::Step> Sequence::circle(std::size_t from, const Edge& edge) const {
  std::map<std::size_t, Step> came_by{{edge.to, {from, edge}}};
  std::deque<std::size_t> open{edge.to};
  while (!open.empty() && !came_by.contains(from)) {
    const auto at = open.front();
    open.pop_front();
    for (const Edge& next : edges_[at]) {
      if (came_by.try_emplace(next.to, Step{at, next}).second) open.push_back(next.to);
    }
  }
  std::vector<Step> steps;
  if (!came_by.contains(from)) return steps;
  for (auto at = from; steps.empty() || at != from;) {
    const Step& step = came_by.at(at);
    steps.push_back(step);
    at = step.from;
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

/// `A_start_0` as `start of A`.
std::string words_of(const std::string& key) {
  const auto parts = parse_key(key);
  return parts ? fmt::format("{} of {}", parts->task, parts->rsc) : key;
}

/// The way down is the way up backwards: the same circle.
bool goes_down(const std::string& key) { return key.find("_stop") != std::string::npos || key.find("_demote") != std::string::npos; }

std::string circle_text(const Sequence& sequence, const std::vector<Sequence::Step>& steps) {
  std::string text = words_of(sequence.key(steps.front().from));
  for (const auto& step : steps) {
    const auto by = step.edge.id.empty() ? std::string("by itself") : fmt::format("\"{}\"", step.edge.id);
    text += fmt::format(" -> {} ({})", words_of(sequence.key(step.edge.to)), by);
  }
  return text;
}

}  // namespace

Notes find_cycles(const WorkingSet& set) {
  // Of a knot every link could be told, and every link takes a search
  constexpr std::size_t most = 20;
  int searches_left = 500;
  const Sequence sequence(set);
  const auto suspect = sequence.suspects();
  std::set<std::set<std::string_view>> known;
  Notes notes;
  std::vector<std::size_t> order(sequence.edges().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t at) { return !goes_down(sequence.key(at)); });
  for (const std::size_t from : order) {
    if (notes.size() >= most) break;
    for (const Edge& edge : sequence.edges()[from]) {
      if (edge.id.empty() || !suspect[from] || !suspect[edge.to] || searches_left-- <= 0) continue;
      const auto steps = sequence.circle(from, edge);
      if (steps.empty()) continue;
      std::set<std::string_view> ids;
      for (const auto& step : steps) {
        if (!step.edge.id.empty()) ids.insert(step.edge.id);
      }
      if (!known.insert(ids).second) continue;
      std::string list;
      for (const auto id : ids) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", id);
      notes.push_back(note(Level::warning, "rsc_order {}: {}: {}", list, ids.size() == 1 ? "it waits for itself" : "they wait for each other in a circle",
                           circle_text(sequence, steps)));
    }
  }
  return notes;
}

}  // namespace relevo::policy
