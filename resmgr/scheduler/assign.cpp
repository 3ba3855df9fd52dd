// Phase 2: a node for every resource. Source: resmgr spec 2(a) stage 7.
#include <algorithm>

#include <fmt/core.h>

#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {
namespace {

using model::Role;
using model::Score;

/// The work of this phase: who has been given which node.
class Assigner {
 public:
  Assigner(const Question& question, Scores& scores)
      : question_(question),
        scores_(scores),
        result_(question.state.resources.size()),
        load_(question.state.nodes.size()) {}

  Assignments run() {
    for (const ResourceIndex r : question_.order) place(r);
    return std::move(result_);
  }

 private:
  void place(ResourceIndex r);
  void keep(ResourceIndex r);
  void choose(ResourceIndex r);
  [[nodiscard]] std::vector<NodeIndex> ranked(ResourceIndex r) const;
  [[nodiscard]] Score effective(ResourceIndex r, NodeIndex n) const {
    return question_.node(n).available() ? scores_.at(r, n).score : Score(-Score::infinity);
  }
  [[nodiscard]] std::optional<NodeIndex> current(ResourceIndex r) const;
  void give(ResourceIndex r, NodeIndex n, std::string reason);
  [[nodiscard]] std::string nowhere(ResourceIndex r) const;

  const Question& question_;
  Scores& scores_;
  Assignments result_;
  std::vector<int> load_;  ///< resources given to each node so far
};

std::optional<NodeIndex> Assigner::current(ResourceIndex r) const {
  const auto& active = question_.resource(r).active_on;
  // What waits for fencing anyway is looked for where it was seen first.
  if (question_.resource(r).requires_what >= model::Requires::fencing && !active.empty())
    return question_.node_of(active.front());
  for (const std::string& name : active)
    if (const NodeIndex n = question_.node_of(name); question_.node(n).online && !question_.node(n).unclean) return n;
  return active.empty() ? std::nullopt : std::optional(question_.node_of(active.front()));
}

void Assigner::give(ResourceIndex r, NodeIndex n, std::string reason) {
  result_[r].node = n;
  result_[r].reason = std::move(reason);
  ++load_[n];
}

/// Not managed: it stays as it is.
void Assigner::keep(ResourceIndex r) {
  const model::Resource& resource = question_.resource(r);
  result_[r].kept = true;
  result_[r].next_role = resource.role;
  const auto where = current(r);
  std::string why = "it is not managed";
  if (!question_.may_start) why = "no fence device is configured, and stonith-enabled is true";
  if (resource.maintenance) why = "it is in maintenance";
  if (!resource.supported) why = "it is part of something that is not supported yet";
  if (resource.blocked) why = "it is blocked after a failure";
  if (where)
    give(r, *where, why);
  else
    result_[r].reason = why;
}

/// Best first: score, fewer resources, the present node, the name.
std::vector<NodeIndex> Assigner::ranked(ResourceIndex r) const {
  std::vector<NodeIndex> nodes(question_.state.nodes.size());
  for (NodeIndex n = 0; n < nodes.size(); ++n) nodes[n] = n;
  const auto here = current(r);
  std::stable_sort(nodes.begin(), nodes.end(), [&](NodeIndex a, NodeIndex b) {
    const Score x = effective(r, a), y = effective(r, b);
    if (x != y) return x > y;
    if (load_[a] != load_[b]) return load_[a] < load_[b];
    if (here && (a == *here) != (b == *here)) return a == *here;
    return a < b;  // nodes are sorted by name
  });
  return nodes;
}

std::string Assigner::nowhere(ResourceIndex r) const {
  const model::Resource& resource = question_.resource(r);
  if (resource.orphan) return "it is no longer in the configuration";
  const auto& cells = scores_.cells[r];
  bool any_available = false;
  for (NodeIndex n = 0; n < cells.size(); ++n) any_available |= question_.node(n).available();
  if (!any_available) return "no node is available";
  return "no available node may run it";
}

void Assigner::choose(ResourceIndex r) {
  const std::vector<NodeIndex> nodes = ranked(r);
  Assignment& mine = result_[r];
  if (nodes.empty() || effective(r, nodes.front()).value < 0) {
    mine.next_role = Role::stopped;
    mine.reason = nowhere(r);
    return;
  }
  NodeIndex chosen = nodes.front();
  const Score best = effective(r, chosen);
  const auto here = current(r);
  std::string why = "best score";
  if (nodes.size() > 1 && effective(r, nodes[1]) == best)
    why = "equal scores: fewest resources, then the present node, then the name";
  // With a real preference for several nodes, moving gains nothing.
  if (here && best.value > 0 && *here != chosen && question_.node(*here).available() && effective(r, *here) == best) {
    chosen = *here;
    why = "equal scores: it stays where it runs";
  }
  mine.next_role = Role::started;
  give(r, chosen, fmt::format("{} ({})", why, model::to_string(best)));
}

void Assigner::place(ResourceIndex r) {
  const model::Resource& resource = question_.resource(r);
  Assignment& mine = result_[r];
  const bool wants_stop = resource.next_role == Role::stopped;
  if (wants_stop) {
    for (NodeIndex n = 0; n < question_.state.nodes.size(); ++n)
      scores_.at(r, n).add("target-role", resource.id, Score(-Score::infinity), resource.next_role_reason);
    mine.reason = resource.next_role_reason;
  }
  if (!question_.is_managed(resource)) return keep(r);
  if (question_.state.options.stop_all_resources) {
    mine.reason = "stop-all-resources is true";
    return;
  }
  if (!wants_stop) choose(r);
}

}  // namespace

Assignments assign(const Question& question, Scores& scores) { return Assigner(question, scores).run(); }

}  // namespace relevo::scheduler
