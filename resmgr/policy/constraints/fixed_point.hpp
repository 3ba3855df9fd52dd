// Requiring and blocking actions by what they depend on, until nothing changes. Internal to resmgr/policy/constraints.
// Dependencies are there already; new ones arise only where an action of a collection stands for others.
#pragma once

#include <cstdint>
#include <vector>

#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Which end of a dependency changed; both may have.
struct Changed {
  bool first = false, then = false;
  Changed& operator|=(Changed other) {
    first = first || other.first;
    then = then || other.then;
    return *this;
  }
};

/// How an action stands for one dependency. Of a collection: how all its parts stand.
struct Standing {
  bool optional = true, runnable = true, migrate_runnable = false;
};


/// The keys under which collections tell that a task is complete, and the way back.
[[nodiscard]] std::string_view completion_of(std::string_view task);
[[nodiscard]] std::string_view task_completed_by(std::string_view completion);

class FixedPoint {
 public:
  explicit FixedPoint(WorkingSet& set) : set_(set) {}

  /// Applies what `then` depends on, and goes on from what changed.
  void update(Action& then);
  /// An action that cannot run keeps those from running that must be where its resource is.
  void block_dependents(const Action& action);

 private:
  void visit(Action& then);
  void visit_dependents(Action& first);
  Changed visit_inputs(Action& then);
  [[nodiscard]] static bool starts_over(Action& then);
  [[nodiscard]] Changed apply_input(Action& then, std::size_t place);

  // dependency_rules.cpp
  [[nodiscard]] Standing standing(Action& action, const Node* node) const;
  [[nodiscard]] Standing standing_for_ordering(Action& action, const Node* node) const;
  [[nodiscard]] Changed apply_dependency(Action& then, std::size_t place);
  [[nodiscard]] Changed apply_bits(Action& then, std::size_t place, Node* node, const Standing& before);
  [[nodiscard]] static bool heeds_probe(Action& then, std::size_t place, const Standing& before);
  [[nodiscard]] static Changed apply_one_or_more(Action& then, const Standing& before);
  [[nodiscard]] static Changed apply_without_resource(Action& first, Action& then, std::uint32_t type, const Standing& before);

  // task_rules.cpp, collection_rules.cpp: `by` tells whose variant decides how, `bit` which bit of order::.
  [[nodiscard]] Changed apply_rule(const Resource& by, Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit);
  [[nodiscard]] Changed apply_to_task(Action& first, Action& then, const Standing& before, std::uint32_t bit);
  [[nodiscard]] Changed apply_to_group(Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit);
  [[nodiscard]] Changed apply_to_instances(Action& first, Action& then, Node* node, const Standing& before, std::uint32_t bit);
  [[nodiscard]] Changed interleave(Action& first, Action& then, Node* node, std::uint32_t bit);
  [[nodiscard]] Changed interleave_pair(Action& first, Action& then, Resource& first_child, Resource& then_child, Node* node, std::uint32_t bit);
  [[nodiscard]] bool keep_down(Resource& instance);

  // blocking.cpp
  void block_for_colocation(Resource& rsc, std::string_view task, const Resource& reason);

  WorkingSet& set_;
  int depth_ = 0;
  int moves_ = 0;  ///< how often an instance lost its node on the way
  std::vector<Action*> postponed_;        ///< to be visited when the stack is short again
  std::vector<const Action*> unblocked_;  ///< the same for block_dependents()
};

/// Where an action takes place; that of a group's start is known although the action has no node.
[[nodiscard]] Node* place_of(const Action& action);

/// Takes a flag away and remembers the other action as the reason, if it is another resource's.
void no_longer_optional(Action& action, const Action& reason);
void no_longer_runnable(Action& action, const Action& reason);
void no_longer_migratable(Action& action, const Action& reason);

}  // namespace relevo::policy
