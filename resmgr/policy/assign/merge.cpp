// The wishes of resources that are colocated with one another, added up over chains of colocations. Which node is chosen in the
// end, and what a colocation demands once its primary has its node, is decided elsewhere.
#include <algorithm>
#include <map>
#include <string>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/constraints/constraints.hpp"

namespace relevo::policy {
namespace {

// A score that no sum can reach: the node is out of the question for all that follows.
constexpr int unusable = -100 * Score::infinity;
// Chains of groups double the work from link to link; what lies beyond would not change a choice that anybody could follow.
constexpr long most_steps = 200'000;

struct Merger {
  WorkingSet& set;
  Merge how;
  long steps_left = most_steps;
};

std::string lower(const std::string* text) {
  std::string result = text == nullptr ? std::string{} : *text;
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_node_name(std::string_view attribute) { return attribute.empty() || attribute == "#uname" || attribute == "#id"; }

// The best score of a resource among the nodes with the same value of the attribute, for every value.
class BestScores {
 public:
  BestScores(const WorkingSet& set, const Resource& rsc, std::string_view attribute) : rsc_(rsc), attribute_(attribute) {
    if (is_node_name(attribute)) {
      if (set.has_remotes) look_at_nameless(set);
      return;
    }
    for (const Node* node : set.nodes) {
      const auto* entry = rsc.allowed.find(*node);
      if (entry == nullptr || !is_available(*node)) continue;
      int& best = by_value_.try_emplace(lower(attribute_of(*node, attribute)), -Score::infinity).first->second;
      best = std::max(best, entry->score.value);
    }
  }
  [[nodiscard]] int at(const Node& node) const {
    if (!is_node_name(attribute_)) {
      const auto found = by_value_.find(lower(attribute_of(node, attribute_)));
      return found == by_value_.end() ? -Score::infinity : found->second;
    }
    return is_nameless(node) ? best_nameless_ : at_node(node);
  }

 private:
  [[nodiscard]] int at_node(const Node& node) const {
    const auto* entry = rsc_.allowed.find(node);
    if (entry == nullptr || !is_available(node)) return -Score::infinity;
    return std::max(entry->score.value, -Score::infinity);
  }
  void look_at_nameless(const WorkingSet& set) {
    for (const Node* node : set.nodes)
      if (is_nameless(*node)) best_nameless_ = std::max(best_nameless_, at_node(*node));
  }

  const Resource& rsc_;
  std::string_view attribute_;
  std::map<std::string, int> by_value_;
  int best_nameless_ = -Score::infinity;
};

// Rounded, but never to nothing.
int weakened(int score, float factor) {
  const float exact = factor * static_cast<float>(score);
  const double half = exact < 0 ? -0.5 : 0.5;
  const int rounded = static_cast<int>(static_cast<double>(exact) + half);
  if (rounded != 0 || score == 0) return rounded;
  if (factor > 0) return 1;
  return factor < 0 ? -1 : 0;
}

void add_wishes(Merger& merger, const Resource& rsc, NodeTable& nodes, std::string_view attribute, float factor, std::string_view subject) {
  const BestScores wishes(merger.set, rsc, attribute);
  const Cause cause = merger.how.this_with ? Cause::colocation : Cause::colocated;
  for (const Node* node : merger.set.nodes) {
    auto* entry = nodes.find(*node);
    if (entry == nullptr) continue;
    const int wish = wishes.at(*node);
    if (factor < 0 && wish < 0) continue;  // to avoid what avoids a node is no reason to go there
    if (entry->score.value == unusable) continue;
    const Score delta(weakened(wish, factor));
    const Score sum = delta + entry->score;
    if (merger.how.nonnegative && sum.value < 0 && entry->score.value > 0) {
      entry->score.value = unusable;
    } else if (!(merger.how.nonnegative && sum.value < 0 && entry->score.value == 0) && delta.value != 0) {
      merger.set.add_score(nodes, *node, delta, cause, subject);
    }
  }
}

void step(Merger& merger, Resource& rsc, NodeTable& nodes, std::string_view attribute, float factor, bool only_if_left,
          std::string_view subject);

// On to what is colocated with `rsc`, each only as long as it leaves a node. A group's own constraints are found at its last member once it is being assigned.
void follow(Merger& merger, Resource& rsc, NodeTable& nodes, float factor) {
  const bool at_last = !merger.how.this_with && rsc.is(Variant::group) && !rsc.children.empty();
  const auto& list = merger.how.this_with ? rsc.this_with : at_last ? rsc.children.back()->with_this : rsc.with_this;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Colocation& colocation = *list[i];
    if (!merger.how.this_with && !has_influence(colocation)) continue;
    Resource& other = merger.how.this_with ? *colocation.primary : *colocation.dependent;
    // The next link counts with its own strength; only dislike is handed on.
    const float further = factor < 0 ? -factor_of(colocation) : factor_of(colocation);
    step(merger, other, nodes, colocation.attribute, further, true, colocation.id);
  }
}

void make_usable(WorkingSet& set, NodeTable& nodes, std::string_view subject) {
  for (const Node* node : set.nodes) {
    const auto* entry = nodes.find(*node);
    if (entry != nullptr && entry->score.value == unusable) set.set_score(nodes, *node, Score(1), Cause::nonnegative, subject);
  }
}

void step(Merger& merger, Resource& rsc, NodeTable& nodes, std::string_view attribute, float factor, bool only_if_left,
          std::string_view subject) {
  if (rsc.merging || merger.steps_left-- <= 0) return;
  if (rsc.is(Variant::group) && rsc.children.empty()) return;
  rsc.merging = true;
  std::optional<NodeTable> before;
  if (only_if_left) before = nodes;
  if (rsc.is(Variant::group)) step(merger, *rsc.children.front(), nodes, attribute, factor, only_if_left, subject);
  else add_wishes(merger, rsc, nodes, attribute, factor, subject);
  if (any_available(merger.set, nodes)) {
    follow(merger, rsc, nodes, factor);
    if (merger.how.nonnegative) make_usable(merger.set, nodes, subject);
  } else if (only_if_left) {
    nodes = std::move(*before);
  } else if (merger.how.nonnegative) {
    make_usable(merger.set, nodes, subject);
  }
  rsc.merging = false;
}

NodeTable start(Merger& merger, Resource& rsc) {
  if (rsc.merging) return {};
  rsc.merging = true;
  const bool at_last = rsc.is(Variant::group) && !rsc.children.empty();
  NodeTable nodes = at_last ? start(merger, *rsc.children.back()) : rsc.allowed;
  if (any_available(merger.set, nodes)) follow(merger, rsc, nodes, 1.0F);
  rsc.merging = false;
  return nodes;
}

}  // namespace

void merge_colocated(WorkingSet& set, Resource& rsc, NodeTable& nodes, std::string_view attribute, float factor, Merge how,
                     std::string_view subject) {
  Merger merger{set, how};
  NodeTable work = nodes;  // the table may be that of a resource in the chain, which speaks of it as it was
  step(merger, rsc, work, attribute, factor, how.only_if_left, subject);
  nodes = std::move(work);
}

NodeTable scores_with_primaries(WorkingSet& set, Resource& rsc) {
  Merger merger{set, Merge{.this_with = true}};
  return start(merger, rsc);
}

}  // namespace relevo::policy
