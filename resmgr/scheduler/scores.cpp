// Phase 1: every resource's score on every node, and each reason for it. Source: resmgr spec 2(a) stages 2 to 4.
#include "resmgr/scheduler/history.hpp"
#include "resmgr/scheduler/phases.hpp"

#include <fmt/core.h>

namespace relevo::scheduler {
namespace {

using model::Score;

const Score never(-Score::infinity);

/// In an asymmetric cluster only what a constraint names is open at all.
bool is_named(const model::ClusterState& state, const model::Resource& resource, const std::string& node) {
  if (resource.kept_on.contains(node)) return true;
  for (const model::Location& location : state.locations)
    if (location.resource == resource.id && location.scores.contains(node) && location.role != model::Role::promoted)
      return true;
  return false;
}

void add_default(const Question& question, const model::Resource& resource, const model::Node& node, Cell& cell) {
  if (question.state.options.symmetric_cluster || is_named(question.state, resource, node.uname)) {
    if (node.score.value != 0) cell.add("node-score", node.uname, node.score, "score of the node itself");
    return;
  }
  cell.add("symmetric-cluster", "symmetric-cluster", never,
           "symmetric-cluster is false and no constraint names this node");
}

void add_availability(const model::Node& node, Cell& cell) {
  // No score of its own: a node's state excludes it, whatever the score.
  if (const std::string why = unavailable(node); !why.empty()) cell.add("unavailable", node.uname, Score(), why);
}

void add_stickiness(const Question& question, const model::Resource& resource, const model::Node& node, Cell& cell) {
  if (!resource.managed || resource.stickiness.value < 1) return;
  if (resource.active_on.size() != 1 || resource.active_on.front() != node.uname) return;
  if (!question.state.options.symmetric_cluster && !is_named(question.state, resource, node.uname)) return;
  cell.add("stickiness", "resource-stickiness", resource.stickiness, "it runs here now");
}

void add_threshold(const model::Resource& resource, const model::Node& node, Cell& cell) {
  const auto count = resource.fail_counts.find(node.uname);
  if (count == resource.fail_counts.end() || resource.migration_threshold == 0 || resource.failure_ignored) return;
  if (count->second.expired || count->second.effective <= 0) return;
  if (count->second.effective < resource.migration_threshold) return;
  if (failed_as_something_else(resource, node.uname)) return;
  cell.add("migration-threshold", "migration-threshold", never,
           fmt::format("it failed {} times here, and migration-threshold is {}",
                       model::to_string(Score(count->second.effective)),
                       model::to_string(Score(resource.migration_threshold))));
}

void add_bans(const model::Resource& resource, const std::string& key, Cell& cell) {
  const auto bans = resource.bans.find(key);
  if (bans == resource.bans.end()) return;
  for (const model::Ban& ban : bans->second) cell.add(ban.rule, resource.id, never, ban.text);
}

void add_unmanaged(const model::Resource& resource, const model::Node& node, Cell& cell) {
  if (resource.kept_on.contains(node.uname))
    cell.add("unmanaged", resource.id, Score(Score::infinity), "it is not managed and runs here");
}

void add_locations(const Question& question, Scores& scores) {
  for (const model::Location& location : question.state.locations) {
    if (location.role == model::Role::promoted) continue;
    const auto resource = question.resource_index.find(location.resource);
    if (resource == question.resource_index.end()) continue;
    for (const auto& [node, score] : location.scores)
      scores.at(resource->second, question.node_of(node))
          .add("location", location.id, score,
               location.rule.empty() ? fmt::format("constraint {}", location.id)
                                     : fmt::format("rule {} of constraint {}", location.rule, location.id));
  }
}

}  // namespace

std::string unavailable(const model::Node& node) {
  if (node.unclean) return "the node is unclean: " + node.unclean_reason;
  if (!node.online) return "the node is offline";
  if (node.shutdown) return "the node is shutting down";
  if (node.pending) return "the node is joining";
  if (node.maintenance) return "the node is in maintenance";
  if (node.standby_on_fail) return "the node is on standby after a failure";
  if (node.standby) return "the node is on standby";
  return {};
}

Scores node_scores(const Question& question) {
  Scores scores;
  scores.cells.assign(question.state.resources.size(), std::vector<Cell>(question.state.nodes.size()));
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r)
    for (NodeIndex n = 0; n < question.state.nodes.size(); ++n)
      add_default(question, question.resource(r), question.node(n), scores.at(r, n));
  add_locations(question, scores);
  for (ResourceIndex r = 0; r < question.state.resources.size(); ++r) {
    const model::Resource& resource = question.resource(r);
    for (NodeIndex n = 0; n < question.state.nodes.size(); ++n) {
      Cell& cell = scores.at(r, n);
      add_unmanaged(resource, question.node(n), cell);
      add_stickiness(question, resource, question.node(n), cell);
      add_threshold(resource, question.node(n), cell);
      add_bans(resource, question.node(n).uname, cell);
      add_bans(resource, "", cell);
      add_availability(question.node(n), cell);
    }
  }
  return scores;
}

}  // namespace relevo::scheduler
