// Mandatory constraints that ask for opposite things, see verify.hpp. Rules count as they are now.
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/verify/verify.hpp"

namespace relevo::policy {
namespace {

/// Ids of the constraints that bind, and of those that forbid.
struct Sides {
  std::set<std::string> for_it, against;
};

std::string listed(const std::set<std::string>& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "\"" : ", \"") + id + "\"";
  return text;
}

using Pair = std::pair<std::size_t, std::size_t>;  ///< places in the working set: an order that does not change

/// Roles that can both be meant at a time.
bool roles_meet(Role a, Role b) {
  const auto any = [](Role role) { return role == Role::unknown || role == Role::started; };
  return any(a) || any(b) || a == b;
}

void find_in_locations(const WorkingSet& set, Notes& notes) {
  std::map<Pair, Sides> sides;
  for (const Location* location : set.locations) {
    if (location->cause != Cause::location && location->cause != Cause::rule) continue;
    if (!roles_meet(location->role, Role::unknown)) continue;
    for (const auto& [node, score] : location->scores) {
      auto& both = sides[{location->rsc->index, node->index}];
      if (score.is_plus_infinity()) both.for_it.insert(location->id);
      if (score.is_minus_infinity()) both.against.insert(location->id);
    }
  }
  for (const auto& [place, both] : sides) {
    if (both.for_it.empty() || both.against.empty()) continue;
    notes.push_back(note(Level::warning, "rsc_location {} and {} contradict each other: one gives {} INFINITY on {}, the other -INFINITY; -INFINITY wins",
                         listed(both.for_it), listed(both.against), set.all_resources[place.first].id, set.all_nodes[place.second].name));
  }
}

void find_in_colocations(const WorkingSet& set, Notes& notes) {
  std::map<Pair, std::vector<const Colocation*>> pairs;
  for (const Colocation* colocation : set.colocations) {
    const bool mandatory = colocation->score >= Score::infinity || colocation->score <= -Score::infinity;
    if (!mandatory || colocation->attribute != "#uname") continue;
    const auto a = colocation->dependent->index;
    const auto b = colocation->primary->index;
    pairs[{std::min(a, b), std::max(a, b)}].push_back(colocation);
  }
  for (const auto& [pair, list] : pairs) {
    Sides both;
    for (const Colocation* one : list) {
      for (const Colocation* other : list) {
        if (one->score < 0 || other->score > 0) continue;
        const bool turned = one->dependent != other->dependent;
        if (!roles_meet(one->dependent_role, turned ? other->primary_role : other->dependent_role)) continue;
        if (!roles_meet(one->primary_role, turned ? other->dependent_role : other->primary_role)) continue;
        both.for_it.insert(one->id);
        both.against.insert(other->id);
      }
    }
    if (both.for_it.empty()) continue;
    notes.push_back(note(Level::warning, "rsc_colocation {} and {} contradict each other: one wants {} and {} on one node, the other on different ones",
                         listed(both.for_it), listed(both.against), set.all_resources[pair.first].id, set.all_resources[pair.second].id));
  }
}

}  // namespace

Notes find_contradictions(const WorkingSet& set) {
  Notes notes;
  find_in_locations(set, notes);
  find_in_colocations(set, notes);
  return notes;
}

}  // namespace relevo::policy
