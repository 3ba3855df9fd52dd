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
  const auto parts = split_key(key);
  if (!parts || parts->rsc == rsc.id) return found;
  return find_actions(rsc, op_key(rsc.id, parts->task, parts->interval), nullptr);
}

/// Turns orderings into dependencies. What was looked up is remembered: each probe has the same actions after it.
class Applier {
 public:
  explicit Applier(WorkingSet& set) : set_(set), known_(set.all_resources.size()) {}
  void apply(const Ordering& ordering);

 private:
  struct Known {
    std::size_t actions = 0;  ///< of the resource, when this was found; with one more, it is looked up again
    std::vector<std::pair<std::string, std::vector<Action*>>> by_key;
  };

  void order_first(const Ordering& ordering);
  void order_then(Action* first, const Ordering& ordering);
  [[nodiscard]] const std::vector<Action*>& find(const Resource& rsc, const std::string& key);

  WorkingSet& set_;
  std::vector<Known> known_;  ///< by Resource::index
};

const std::vector<Action*>& Applier::find(const Resource& rsc, const std::string& key) {
  Known& known = known_[rsc.index];
  if (known.actions != rsc.actions.size()) known.by_key.clear();
  known.actions = rsc.actions.size();
  for (const auto& [name, actions] : known.by_key) {
    if (name == key) return actions;
  }
  return known.by_key.emplace_back(key, actions_with(rsc, key)).second;
}

void Applier::order_then(Action* first, const Ordering& ordering) {
  Resource& rsc = *ordering.then_rsc;
  auto flags = ordering.flags;
  if (first != nullptr) {
    if (first->rsc == &rsc && first->dangle) flags &= ~order::implies_then;  // the stop where a migration came from
    if (ordering.then != nullptr) {
      order_actions(*first, *ordering.then, flags);
    } else {
      for (Action* then : find(rsc, ordering.then_task)) order_actions(*first, *then, flags);
    }
    return;
  }
  if ((flags & order::implies_then) == 0) return;
  const auto thens = ordering.then != nullptr ? std::vector<Action*>{ordering.then} : find(rsc, ordering.then_task);
  for (Action* then : thens) {
    block(*then, fmt::format("no {} to come after", ordering.first_task));
    set_.say(Notice::Level::warning, fmt::format("{} of {} is unrunnable because there is no {} to order it after", then->task, rsc.id,
                                                 ordering.first_task));
  }
}

/// An action that nobody planned, but that others wait for: it cannot run, and so neither can they. nullptr when the
/// resource is already where the action would bring it.
Action* stand_in(WorkingSet& set, Resource& rsc, const std::string& key) {
  const auto parts = split_key(key);
  if (!parts) return nullptr;
  const Role role = role_of(rsc, true);
  if (parts->task == "stop" && role == Role::stopped) return nullptr;
  if (parts->task == "demote" && role == Role::unpromoted) return nullptr;
  return &custom_action(set, &rsc, op_key(rsc.id, parts->task, parts->interval), parts->task, nullptr, true);
}

void Applier::order_first(const Ordering& ordering) {
  Resource& rsc = *ordering.first_rsc;
  const auto order_one = [&](Action& first) {
    if (ordering.then_rsc != nullptr) {
      order_then(&first, ordering);
    } else if (ordering.then != nullptr) {
      order_actions(first, *ordering.then, ordering.flags);
    }
  };
  if (ordering.first != nullptr) return order_one(*ordering.first);
  const std::vector<Action*> actions = find(rsc, ordering.first_task);  // a copy: the other end may be of the same resource
  for (Action* first : actions) order_one(*first);
  if (!actions.empty() || &rsc == ordering.then_rsc) return;
  if (Action* made = stand_in(set_, rsc, ordering.first_task)) order_one(*made);
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
