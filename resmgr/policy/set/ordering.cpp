// Dependencies of two actions, and orderings that are turned into such later. What they do to actions is decided in
// resmgr/policy/constraints.
#include <utility>

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

/// Both ends hold the same dependencies, so the shorter list tells. But one that was switched off is so at its later end
/// only: then the other end tells what it was.
bool is_known(const Action& first, const Action& then, std::uint32_t type) {
  const auto shares = [type](const std::vector<Dependency>& list, const Action& other, bool& is_off) {
    for (const Dependency& known : list) {
      if (known.action != &other) continue;
      if ((known.type & type) != 0) return true;
      is_off = is_off || known.type == order::none;
    }
    return false;
  };
  bool is_off = first.after.size() <= then.before.size();
  if (!is_off && shares(then.before, first, is_off)) return true;
  bool ignored = false;
  return is_off && shares(first.after, then, ignored);
}

}  // namespace

bool order_actions(Action& first, Action& then, std::uint32_t type) {
  if (type == order::none || &first == &then) return false;
  if (is_known(first, then, type)) return false;
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
