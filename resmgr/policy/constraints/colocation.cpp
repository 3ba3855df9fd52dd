// Colocations as such: keeping them in the order in which they apply, and what they imply for actions. Not how they are
// written in the CIB (colocation_reader.cpp), nor what they do to scores (resmgr/policy/assign).
#include <algorithm>
#include <array>

#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

/// Higher priority, then clones before groups before primitives, promotable before others, then by the id.
bool applies_before(const Resource& a, const Resource& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  if (a.variant != b.variant) return a.variant > b.variant;
  if (a.is(Variant::clone) && a.promotable != b.promotable) return a.promotable;
  return a.id < b.id;
}

/// Of equals, the one made last comes first.
void insert_sorted(std::vector<Colocation*>& list, Colocation* added, Resource* Colocation::*side) {
  const auto place = std::lower_bound(list.begin(), list.end(), added, [side](const Colocation* a, const Colocation* b) {
    return applies_before(*(a->*side), *(b->*side));
  });
  list.insert(place, added);
}

using Tasks = std::array<std::string_view, 2>;

Tasks losing(Role role) {
  if (role == Role::promoted) return {"demote", {}};
  return {"stop", role == Role::unpromoted ? std::string_view("promote") : std::string_view()};
}

Tasks gaining(Role role) {
  if (role == Role::promoted) return {"promote", {}};
  return {"start", role == Role::unpromoted ? std::string_view("demote") : std::string_view()};
}

/// What must not be together leaves before the other comes.
void order_apart(WorkingSet& set, Resource& first, Role first_role, Resource& then, Role then_role) {
  for (const auto first_task : losing(first_role)) {
    for (const auto then_task : gaining(then_role)) {
      if (first_task.empty() || then_task.empty()) continue;
      order_resources(set, first, first_task, then, then_task, order::anti_colocation);
    }
  }
}

}  // namespace

void add_this_with(Resource& rsc, Colocation& colocation) { insert_sorted(rsc.this_with, &colocation, &Colocation::primary); }
void add_with_this(Resource& rsc, Colocation& colocation) { insert_sorted(rsc.with_this, &colocation, &Colocation::dependent); }

Colocation* new_colocation(WorkingSet& set, std::string_view id, std::string_view attribute, int score, Resource& dependent,
                           Resource& primary, Role dependent_role, Role primary_role, bool influence) {
  if (score == 0) return nullptr;
  auto& made = set.all_colocations.emplace_back();
  made.id = id;
  if (!attribute.empty()) made.attribute = attribute;
  made.dependent = &dependent;
  made.primary = &primary;
  made.dependent_role = dependent_role == Role::started ? Role::unknown : dependent_role;
  made.primary_role = primary_role == Role::started ? Role::unknown : primary_role;
  made.score = score;
  made.influence = influence;
  add_this_with(dependent, made);
  add_with_this(primary, made);
  set.colocations.push_back(&made);
  if (score <= -Score::infinity) {
    order_apart(set, dependent, made.dependent_role, primary, made.primary_role);
    order_apart(set, primary, made.primary_role, dependent, made.dependent_role);
  }
  return &made;
}

bool has_influence(const Colocation& colocation, const Resource* primary) {
  if (primary == nullptr) primary = colocation.primary;
  // Moving a connection is cheap, moving its container is not: a container that runs well does not follow its connection
  if (colocation.dependent->may_leave_container && !primary->failed && primary->running_on.size() == 1) return false;
  return colocation.influence || primary->running_on.empty();
}

}  // namespace relevo::policy
