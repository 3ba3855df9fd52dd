// Dependencies of two actions, and orderings that are turned into such later. What they do to actions is decided in
// resmgr/policy/constraints.
#include <utility>

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {

bool order_actions(Action& first, Action& then, std::uint32_t type) {
  if (type == order::none || &first == &then) return false;
  // Both ends hold the same dependencies, so the shorter list tells whether there is one already
  const bool from_first = first.after.size() <= then.before.size();
  const auto& list = from_first ? first.after : then.before;
  const Action* other = from_first ? &then : &first;
  for (const Dependency& known : list) {
    if (known.action == other && (known.type & type) != 0) return false;
  }
  first.after.push_back({&then, type, Link::not_dumped});
  then.before.push_back({&first, type, Link::not_dumped});
  return true;
}

Ordering& new_ordering(WorkingSet& set, Resource* first_rsc, std::string first_key, Action* first, Resource* then_rsc,
                       std::string then_key, Action* then, std::uint32_t flags) {
  Ordering& made = set.orderings.emplace_back();
  made.flags = flags;
  made.first = first;
  made.first_rsc = first_rsc == nullptr && first != nullptr ? first->rsc : first_rsc;
  made.first_task = first_key.empty() && first != nullptr ? first->key : std::move(first_key);
  made.then = then;
  made.then_rsc = then_rsc == nullptr && then != nullptr ? then->rsc : then_rsc;
  made.then_task = then_key.empty() && then != nullptr ? then->key : std::move(then_key);
  return made;
}

void order_resources(WorkingSet& set, Resource& first, std::string_view first_task, Resource& then,
                     std::string_view then_task, std::uint32_t flags) {
  new_ordering(set, &first, op_key(first.id, first_task), nullptr, &then, op_key(then.id, then_task), nullptr, flags);
}

}  // namespace relevo::policy
