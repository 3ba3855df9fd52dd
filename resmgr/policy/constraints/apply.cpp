// Orderings become dependencies of actions; then the fixed point, and what it leaves that would loop. Source: resmgr spec
// 2(a) stage 11.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/constraints/fixed_point.hpp"
#include "resmgr/policy/constraints/migration_orderings.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

/// Actions with that key, or with that key's task and interval for a resource that the key does not name.
std::vector<Action*> actions_with(const Resource& rsc, const std::string& key) {
  auto found = find_actions(rsc, key, nullptr);
  if (!found.empty()) return found;
  const auto parts = parse_key(key);
  if (!parts || parts->rsc == rsc.id) return found;
  return find_actions(rsc, op_key(rsc.id, parts->task, parts->interval), nullptr);
}

/// Turns orderings into dependencies. Many orderings in a row have the same action last, so it is remembered.
class Applier {
 public:
  explicit Applier(WorkingSet& set) : set_(set) {}
  void apply(const Ordering& ordering);

 private:
  void order_first(const Ordering& ordering);
  void order_then(Action* first, const Ordering& ordering);
  [[nodiscard]] const std::vector<Action*>& then_actions(const Ordering& ordering);

  WorkingSet& set_;
  const Resource* last_rsc_ = nullptr;
  std::size_t last_count_ = 0;  ///< actions of that resource: with one more, it is looked up again
  std::string last_key_;
  std::vector<Action*> found_;
};

const std::vector<Action*>& Applier::then_actions(const Ordering& ordering) {
  const Resource& rsc = *ordering.then_rsc;
  if (ordering.then != nullptr) {
    found_ = {ordering.then};
    last_rsc_ = nullptr;
  } else if (last_rsc_ != &rsc || last_count_ != rsc.actions.size() || last_key_ != ordering.then_task) {
    found_ = actions_with(rsc, ordering.then_task);
    last_rsc_ = &rsc;
    last_count_ = rsc.actions.size();
    last_key_ = ordering.then_task;
  }
  return found_;
}

void Applier::order_then(Action* first, const Ordering& ordering) {
  Resource& rsc = *ordering.then_rsc;
  auto flags = ordering.flags;
  if (first != nullptr) {
    if (first->rsc == &rsc && first->dangle) flags &= ~order::implies_then;  // the stop where a migration came from
    for (Action* then : then_actions(ordering)) order_actions(*first, *then, flags);
    return;
  }
  if ((flags & order::implies_then) == 0) return;
  for (Action* then : then_actions(ordering)) {
    block(*then, fmt::format("no {} to come after", ordering.first_task));
    set_.say(Notice::Level::warning, fmt::format("{} of {} is unrunnable because there is no {} to order it after", then->task, rsc.id,
                                                 ordering.first_task));
  }
}

/// An action that nobody planned, but that others wait for: it cannot run, and so neither can they. nullptr when the
/// resource is already where the action would bring it.
Action* stand_in(WorkingSet& set, Resource& rsc, const std::string& key) {
  const auto parts = parse_key(key);
  if (!parts) return nullptr;
  const Role role = role_of(rsc, true);
  if (parts->task == "stop" && role == Role::stopped) return nullptr;
  if (parts->task == "demote" && role == Role::unpromoted) return nullptr;
  return &custom_action(set, &rsc, op_key(rsc.id, parts->task, parts->interval), parts->task, nullptr, true);
}

void Applier::order_first(const Ordering& ordering) {
  Resource& rsc = *ordering.first_rsc;
  std::vector<Action*> actions;
  if (ordering.first != nullptr) {
    actions.push_back(ordering.first);
  } else {
    actions = actions_with(rsc, ordering.first_task);
  }
  if (actions.empty() && &rsc != ordering.then_rsc) {
    if (Action* made = stand_in(set_, rsc, ordering.first_task)) actions.push_back(made);
  }
  for (Action* first : actions) {
    if (ordering.then_rsc != nullptr) {
      order_then(first, ordering);
    } else if (ordering.then != nullptr) {
      order_actions(*first, *ordering.then, ordering.flags);
    }
  }
}

void Applier::apply(const Ordering& ordering) {
  if (ordering.first_rsc != nullptr) {
    order_first(ordering);
  } else if (ordering.then_rsc != nullptr) {
    order_then(ordering.first, ordering);
  } else if (ordering.first != nullptr && ordering.then != nullptr) {
    order_actions(*ordering.first, *ordering.then, ordering.flags);
  }
}

}  // namespace

void apply_orderings(WorkingSet& set) {
  // In the order in which they were made: one may make the action that a later one finds. Equivalents join the others at
  // the end, for those who look through all of them.
  Applier applier(set);
  std::vector<Ordering> equivalents;
  for (std::size_t i = 0; i < set.orderings.size(); ++i) {
    const Ordering& ordering = set.orderings[i];
    applier.apply(ordering);
    for (auto& equivalent : migration_equivalents(ordering)) {
      applier.apply(equivalent);
      equivalents.push_back(std::move(equivalent));
    }
  }
  for (auto& equivalent : equivalents) set.orderings.push_back(std::move(equivalent));
  FixedPoint fixed_point(set);
  for (std::size_t i = set.actions.size(); i-- > 0;) fixed_point.block_dependents(*set.actions[i]);
  order_probes(set);
  for (std::size_t i = set.actions.size(); i-- > 0;) fixed_point.update(*set.actions[i]);
  disable_invalid_orderings(set);
}

}  // namespace relevo::policy
