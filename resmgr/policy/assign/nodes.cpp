// Nodes as places to run: usable or not, and which one is better for a resource.
#include <algorithm>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/assign/list_sort.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

struct Candidate {
  Node* node = nullptr;
  int score = 0;
};

int effective(const Node& node, Score score) { return is_available(node) ? score.value : -Score::infinity; }

struct Comparison {
  int order = 0;  ///< negative when the first one is better
  Settled by = Settled::score;
};

// Names are unique, so that no two nodes are equal.
Comparison compare_by_rule(const WorkingSet& set, const Candidate& a, const Candidate& b, const Node* active) {
  if (a.score != b.score) return {a.score > b.score ? -1 : 1, Settled::score};
  if (set.options.placement != Placement::minimal) {
    if (set.options.placement == Placement::balanced) {
      if (const int better = compare_capacity(*a.node, *b.node); better != 0) return {better, Settled::capacity};
    }
    if (a.node->assigned != b.node->assigned) return {a.node->assigned < b.node->assigned ? -1 : 1, Settled::fewest};
    if (active == a.node) return {-1, Settled::active};
    if (active == b.node) return {1, Settled::active};
  }
  return {a.node->name.compare(b.node->name), Settled::by_name};
}

int compare(const WorkingSet& set, const Candidate& a, const Candidate& b, const Node* active) {
  return compare_by_rule(set, a, b, active).order;
}

std::vector<Node*> sorted(const WorkingSet& set, std::vector<Candidate> candidates, const Node* active) {
  list_sort(candidates, [&](const Candidate& a, const Candidate& b) { return compare(set, a, b, active); });
  std::vector<Node*> nodes;
  nodes.reserve(candidates.size());
  for (const auto& candidate : candidates) nodes.push_back(candidate.node);
  return nodes;
}

bool guest_will_run(const Node& node) {
  if (!node.is_guest()) return true;
  return location_of(*node.connection->container, nullptr, false) != nullptr;
}

void add_once(std::vector<Node*>& nodes, Node* node) {
  if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
}

void collect(const Resource& rsc, std::vector<Node*>& nodes, bool current) {
  if (!rsc.children.empty()) {
    for (const Resource* part : rsc.children) collect(*part, nodes, current);
  } else if (current) {
    for (Node* node : rsc.running_on) add_once(nodes, node);
  } else if (rsc.assigned_to != nullptr) {
    add_once(nodes, rsc.assigned_to);
  }
}

}  // namespace

bool is_available_with(const Node& node, const NodeEntry* entry) {
  return is_available(node) && entry != nullptr && entry->score.value >= 0;
}

bool any_available(const WorkingSet& set, const NodeTable& table) {
  return std::any_of(set.nodes.begin(), set.nodes.end(), [&](const Node* node) { return is_available_with(*node, table.find(*node)); });
}

std::vector<Node*> sorted_nodes(const WorkingSet& set, const NodeTable& table, const Node* active) {
  std::vector<Candidate> candidates;
  candidates.reserve(set.nodes.size());
  // Only by free capacity can nodes beat each other in a circle; then the order in which they stood counts, the last one first.
  const auto nodes = set.options.placement == Placement::balanced ? table_order(set, table) : set.nodes;
  for (auto at = nodes.rbegin(); at != nodes.rend(); ++at) {
    if (const auto* entry = table.find(**at)) candidates.push_back({*at, effective(**at, entry->score)});
  }
  return sorted(set, std::move(candidates), active);
}

Node* best_node(const WorkingSet& set, const NodeTable& table, const Node* active) {
  if (set.options.placement == Placement::balanced) {
    const auto nodes = sorted_nodes(set, table, active);
    return nodes.empty() ? nullptr : nodes.front();
  }
  Candidate best;
  for (Node* node : set.nodes) {
    const auto* entry = table.find(*node);
    if (entry == nullptr) continue;
    const Candidate candidate{node, effective(*node, entry->score)};
    if (best.node == nullptr || compare(set, candidate, best, active) < 0) best = candidate;
  }
  return best.node;
}

std::vector<Node*> sorted_nodes(const WorkingSet& set) {
  std::vector<Candidate> candidates;
  candidates.reserve(set.nodes.size());
  for (Node* node : set.nodes) candidates.push_back({node, effective(*node, node->score)});
  return sorted(set, std::move(candidates), nullptr);
}

Settlement settlement_of(const WorkingSet& set, const NodeTable& table, const std::vector<Node*>& order, Node& chosen, const Node* active) {
  const auto* best = table.find(chosen);
  if (!is_available_with(chosen, best)) return {};
  const auto next = std::find_if(order.begin(), order.end(), [&](const Node* node) {
    return node != &chosen && is_available_with(*node, table.find(*node));
  });
  if (next == order.end()) return {Settled::only, nullptr, best->score, {}};
  const Score score = table.find(**next)->score;
  const auto compared = compare_by_rule(set, {&chosen, best->score.value}, {*next, score.value}, active);
  return {compared.by, *next, best->score, score};
}

bool can_run(const WorkingSet&, const Resource& rsc, const Node& node, bool consider_score, bool consider_guest) {
  if (!is_available(node)) return false;
  if (consider_score) {
    const auto* entry = rsc.allowed.find(node);
    const Score score = rsc.assigned_to == &node ? rsc.assigned_score : entry != nullptr ? entry->score : node.score;
    if (score.value < 0) return false;
  }
  return !consider_guest || guest_will_run(node);
}

Node* location_of(const Resource& rsc, std::vector<Node*>* all, bool current) {
  if (all == nullptr && rsc.children.empty() && !current) return rsc.assigned_to;
  std::vector<Node*> nodes;
  collect(rsc, nodes, current);
  if (all != nullptr) {
    for (Node* node : nodes) add_once(*all, node);
  }
  return nodes.size() == 1 ? nodes.front() : nullptr;
}

const std::string* attribute_of(const Node& node, std::string_view name) {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? nullptr : &found->second;
}

}  // namespace relevo::policy
