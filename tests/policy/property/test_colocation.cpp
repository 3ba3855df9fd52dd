// A naive twin of colocation scores: stopped primitives with locations and colocations, none of them in a circle. Written from
// the description of assignment (resmgr spec, stage 7), slow and without shortcuts.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

constexpr int infinity = 1'000'000;
using Scores = std::map<std::string, int>;  ///< by node

int add(int a, int b) {
  if (a <= -infinity || b <= -infinity) return -infinity;
  if (a >= infinity || b >= infinity) return infinity;
  return std::clamp(a + b, -infinity, infinity);
}

struct Together {
  std::string dependent, primary;
  int score = 0;
  [[nodiscard]] bool is_mandatory() const { return std::abs(score) >= infinity; }
};

class Twin {
 public:
  explicit Twin(const RandomCluster& cluster) {
    const auto configuration = cluster.cib.child("cib").child("configuration");
    for (const auto rsc : configuration.child("resources").children()) read_resource(cluster, rsc);
    for (const auto constraint : configuration.child("constraints").children()) read_constraint(constraint);
    std::stable_sort(order_.begin(), order_.end(), [&](const auto& a, const auto& b) { return priority_[a] > priority_[b]; });
    for (const auto& id : order_) assign(id);
  }
  std::map<std::string, Scores> scores_when_assigned;
  std::map<std::string, std::string> places;

 private:
  static int number(const std::string& text) {
    if (text == "INFINITY") return infinity;
    return text == "-INFINITY" ? -infinity : std::stoi(text);
  }
  void read_resource(const RandomCluster& cluster, pugi::xml_node rsc) {
    const std::string id = rsc.attribute("id").value();
    order_.push_back(id);
    const auto meta = [&](const char* name) { return std::string(rsc.child("meta_attributes").find_child_by_attribute("name", name).attribute("value").value()); };
    priority_[id] = meta("priority").empty() ? 0 : number(meta("priority"));
    stopped_[id] = meta("target-role") == "Stopped";
    for (const auto& node : cluster.nodes) allowed_[id][node] = 0;
  }
  void read_constraint(pugi::xml_node constraint) {
    const auto word = [&](const char* name) { return std::string(constraint.attribute(name).value()); };
    const std::string_view kind = constraint.name();
    if (kind == "rsc_location") allowed_[word("rsc")][word("node")] = add(allowed_[word("rsc")][word("node")], number(word("score")));
    if (kind == "rsc_colocation") all_.push_back({word("rsc"), word("with-rsc"), number(word("score"))});
  }

  /// By the other one's priority, then its id.
  std::vector<Together> of(const std::string& id, bool is_dependent) const {
    std::vector<Together> found;
    const auto other = [&](const Together& t) { return is_dependent ? t.primary : t.dependent; };
    for (const auto& t : all_)
      if ((is_dependent ? t.dependent : t.primary) == id) found.push_back(t);
    std::stable_sort(found.begin(), found.end(), [&](const Together& a, const Together& b) {
      if (priority_.at(other(a)) != priority_.at(other(b))) return priority_.at(other(a)) > priority_.at(other(b));
      return other(a) < other(b);
    });
    return found;
  }

  /// The dependent goes where its primary went.
  void follow(const Together& t) {
    assign(t.primary);
    const auto place = places[t.primary];
    auto& scores = allowed_[t.dependent];
    const auto before = scores;
    if (place.empty() && t.score < 0) return;
    for (auto& [node, score] : scores) {
      if (place.empty()) score = add(score, -t.score);
      else if (node == place && t.score < infinity) score = add(score, t.score);
      else if (node != place && t.score >= infinity) score = -infinity;
    }
    const bool anywhere = std::any_of(scores.begin(), scores.end(), [](const auto& each) { return each.second >= 0; });
    if (!anywhere && !t.is_mandatory()) scores = before;
  }

  /// What `id` and those that depend on it would like, at the strength `factor`, for a resource whose scores these are.
  void add_wishes(const std::string& id, Scores& scores, double factor) {
    if (merging_[id]) return;
    merging_[id] = true;
    auto work = scores;
    for (auto& [node, score] : work) {
      const auto wish = allowed_[id][node];
      if (factor < 0 && wish < 0) continue;
      auto delta = static_cast<int>(std::lround(factor * wish));
      if (delta == 0 && wish != 0) delta = factor > 0 ? 1 : -1;
      score = add(score, delta);
    }
    if (std::any_of(work.begin(), work.end(), [](const auto& each) { return each.second >= 0; })) {
      // The next link counts with its own strength; only the sign is handed on.
      for (const auto& t : of(id, false)) add_wishes(t.dependent, work, (factor < 0 ? -1.0 : 1.0) * t.score / infinity);
      scores = work;
    }
    merging_[id] = false;
  }

  void assign(const std::string& id) {
    if (places.count(id) > 0) return;
    for (const auto& t : of(id, true)) follow(t);
    for (const auto& t : of(id, false)) add_wishes(t.dependent, allowed_[id], static_cast<double>(t.score) / infinity);
    auto& scores = allowed_[id];
    if (stopped_[id])
      for (auto& each : scores) each.second = -infinity;
    scores_when_assigned[id] = scores;
    std::string best;
    for (const auto& [node, score] : scores) {
      if (score < 0) continue;
      if (best.empty() || score > scores[best] || (score == scores[best] && count_[node] < count_[best])) best = node;
    }
    places[id] = best;
    if (!best.empty()) ++count_[best];
  }

  std::vector<std::string> order_;
  std::map<std::string, int> priority_, count_;
  std::map<std::string, bool> stopped_, merging_;
  std::map<std::string, Scores> allowed_;
  std::vector<Together> all_;
};

std::string told(const Scores& scores) {
  std::string text;
  for (const auto& [node, score] : scores) text += fmt::format("{}={} ", node, score);
  return text;
}

}  // namespace

TEST_CASE("policy: colocated primitives have the scores and the places that a naive twin gives them", "[policy][property]") {
  std::size_t colocations = 0;
  for (std::uint64_t seed = 1; seed <= rounds(400); ++seed) {
    const RandomCluster cluster(seed, {.fencing = false, .only_primitives = true, .symmetric = true});
    const auto planned = plan(cluster.cib);
    INFO("seed " << seed << "\n" << text_of(cluster.cib));
    colocations += planned.set->colocations.size();
    Twin twin(cluster);
    std::map<std::string, Scores> scores;
    for (const auto& line : planned.log.scores) scores[line.rsc->id][line.node] = line.score.value;
    for (const auto& [id, node] : twin.places) {
      const auto* rsc = planned.set->find_resource(id);
      INFO(id);
      CHECK(told(scores[id]) == told(twin.scores_when_assigned[id]));
      CHECK((rsc->assigned_to == nullptr ? "" : rsc->assigned_to->name) == node);
    }
  }
  CHECK(colocations > 200);
}
