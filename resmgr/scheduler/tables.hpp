// The tables that the phases hand on: each phase reads the earlier ones and makes its own. Internal to the scheduler.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resmgr/model/cluster_state.hpp"
#include "resmgr/scheduler/plan.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::scheduler {

using NodeIndex = std::size_t;      ///< place in ClusterState::nodes
using ResourceIndex = std::size_t;  ///< place in ClusterState::resources
using StepIndex = std::size_t;      ///< place in Actions::steps

/// What is asked, with names turned into indexes.
struct Question {
  const model::ClusterState& state;
  const PlanOptions& options;
  WallTime now;
  std::map<std::string, NodeIndex, std::less<>> node_index;
  std::map<std::string, ResourceIndex, std::less<>> resource_index;
  bool can_fence = false;            ///< fencing is on and has a device
  bool may_start = true;             ///< false: fencing is on and has no device
  std::vector<ResourceIndex> order;  ///< priority first, then document order

  Question(const model::ClusterState& the_state, const PlanOptions& the_options, WallTime the_time);
  [[nodiscard]] const model::Resource& resource(ResourceIndex i) const { return state.resources[i]; }
  [[nodiscard]] const model::Node& node(NodeIndex i) const { return state.nodes[i]; }
  [[nodiscard]] NodeIndex node_of(std::string_view uname) const { return node_index.find(uname)->second; }
  /// The cluster may act on it.
  [[nodiscard]] bool is_managed(const model::Resource& r) const { return r.managed && may_start; }
};

/// One resource's score on one node, with every contribution.
struct Cell {
  model::Score score;
  std::vector<Because> because;
  void add(std::string rule, std::string subject, model::Score by, std::string text);
};

/// Scores by resource and node.
struct Scores {
  std::vector<std::vector<Cell>> cells;
  [[nodiscard]] Cell& at(ResourceIndex r, NodeIndex n) { return cells[r][n]; }
  [[nodiscard]] const Cell& at(ResourceIndex r, NodeIndex n) const { return cells[r][n]; }
};

/// Where a resource shall be.
struct Assignment {
  std::optional<NodeIndex> node;
  model::Role next_role = model::Role::stopped;
  bool kept = false;  ///< not managed: it is left as it is
  std::string reason;
};
using Assignments = std::vector<Assignment>;

/// An action before it is known whether it is needed.
struct Step {
  ActionKind kind = ActionKind::resource;
  std::optional<ResourceIndex> resource;
  NodeIndex node = 0;
  std::string task;
  std::chrono::milliseconds interval{0};
  int expected_rc = 0;
  bool required = false;
  bool runnable = true;
  std::string reason;   ///< why it is required
  std::string why_not;  ///< why it is not runnable
};

/// How two steps depend on each other; a set of bits. Source: resmgr spec 2(a) stage 11.
namespace edge {
constexpr unsigned ordered = 1;             ///< only the sequence, when both happen
constexpr unsigned first_implies_then = 2;  ///< first required: then required
constexpr unsigned then_implies_first = 4;  ///< then required: first required
constexpr unsigned unrunnable_blocks = 8;   ///< first not runnable: then not runnable
constexpr unsigned stop_if_blocked =
    16;  ///< first is the stop of what then would start: then impossible, first required
constexpr unsigned stop_if_required = 32;  ///< the same: then required, first required
constexpr unsigned restart = stop_if_blocked | stop_if_required;
}  // namespace edge

struct Edge {
  StepIndex first = 0, then = 0;
  unsigned flags = edge::ordered;
};

struct Actions {
  std::vector<Step> steps;
  std::vector<Edge> edges;

  StepIndex add(Step step);
  void link(StepIndex first, StepIndex then, unsigned flags) { edges.push_back({first, then, flags}); }
  /// The step of that resource, task and node, or nothing.
  [[nodiscard]] std::optional<StepIndex> find(ResourceIndex resource, std::string_view task, NodeIndex node,
                                              std::chrono::milliseconds interval = {}) const;
  /// The required or optional steps of a task of a resource, on all nodes.
  [[nodiscard]] std::vector<StepIndex> all(ResourceIndex resource, std::string_view task) const;

 private:
  std::map<ResourceIndex, std::vector<StepIndex>> by_resource_;
};

}  // namespace relevo::scheduler
