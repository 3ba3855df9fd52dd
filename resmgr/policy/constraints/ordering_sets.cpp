// Order constraints made of sets: inside each set, and of each set with the one before it.
#include <fmt/format.h>

#include "resmgr/policy/constraints/ordering.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

std::string_view action_of(const ResourceSet& set) { return set.action.empty() ? std::string_view("start") : std::string_view(set.action); }

/// Nothing, and told, when a member does not exist.
std::optional<std::vector<Resource*>> members_of(ConstraintReader& reader, std::string_view told_for, const std::vector<std::string>& ids) {
  std::vector<Resource*> found;
  for (const auto& id : ids) {
    Resource* rsc = member(reader, told_for, id);
    if (rsc == nullptr) return std::nullopt;
    found.push_back(rsc);
  }
  return found;
}

/// Serialized: each with all after it, as no two may be under way at once.
void order_inside(WorkingSet& set, const std::vector<Resource*>& members, std::string_view action, std::uint32_t flags, bool serialize) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::size_t end = serialize ? members.size() : std::min(i + 2, members.size());
    for (std::size_t j = i + 1; j < end; ++j) order_resources(set, *members[i], action, *members[j], action, flags);
  }
}

bool order_within(ConstraintReader& reader, const ResourceSet& set, OrderKind outer_kind, std::optional<std::string_view> symmetrical) {
  const OrderKind kind = set.kind.empty() ? outer_kind : order_kind(reader, set.xml);
  const bool sequential = set.sequential.value_or(true);
  const Symmetry symmetry = order_symmetry(reader, set.xml, outer_kind, symmetrical);
  const auto members = members_of(reader, set.id, set.members);
  if (!members) return false;
  if (members->size() == 1) return true;

  const auto action = action_of(set);
  const bool serialize = kind == OrderKind::serialize;
  if (serialize || sequential) order_inside(reader.set, *members, action, order_flags(kind, action, symmetry), serialize);
  if (symmetry == Symmetry::asymmetric || !sequential) return true;
  const auto back = inverse_task(reader, action);
  if (back.empty()) return true;
  const auto flags = order_flags(kind, back, Symmetry::inverse);
  for (std::size_t i = 1; i < members->size(); ++i) order_resources(reader.set, *(*members)[i], back, *(*members)[i - 1], back, flags);
  return true;
}

/// The end of a set that another set touches; all of it unless the set says that it has a sequence.
std::vector<std::string> touching(const ResourceSet& set, bool last) {
  if (set.sequential != true || set.members.empty()) return set.members;
  return {last ? set.members.back() : set.members.front()};
}

/// Any member of the first set will do: a pseudo action that can run once one of them can stands between.
bool order_after_any(ConstraintReader& reader, std::string_view id, const ResourceSet& first, std::string_view first_action,
                     const ResourceSet& then, std::string_view then_action, std::uint32_t flags) {
  const std::string key = fmt::format("one-or-more:{}", first.id);
  Action& any = pseudo_action(reader.set, nullptr, key, key, true);
  any.requires_any = true;
  for (const auto& name : first.members) {
    Resource* rsc = member(reader, id, name);
    if (rsc == nullptr) return false;
    new_ordering(reader.set, rsc, op_key(rsc->id, first_action), nullptr, nullptr, {}, &any,
                 order::one_or_more | order::implies_then_printed);
  }
  for (const auto& name : then.members) {
    Resource* rsc = member(reader, id, name);
    if (rsc == nullptr) return false;
    new_ordering(reader.set, nullptr, {}, &any, rsc, op_key(rsc->id, then_action), nullptr, flags | order::runnable_left);
  }
  return true;
}

bool order_pair_of_sets(ConstraintReader& reader, std::string_view id, const ResourceSet& first, const ResourceSet& then, OrderKind kind,
                        Symmetry symmetry) {
  auto first_action = action_of(first), then_action = action_of(then);
  if (symmetry == Symmetry::inverse) {
    first_action = inverse_task(reader, first_action);
    then_action = inverse_task(reader, then_action);
    if (first_action.empty() || then_action.empty()) return true;
  }
  // Going down, nobody may go before all that need it are gone
  const bool going_down = first_action == "stop" || first_action == "demote";
  const auto flags = order_flags(kind, then_action, symmetry);
  if (!going_down && first.require_all == false) return order_after_any(reader, id, first, first_action, then, then_action, flags);

  const bool back = symmetry == Symmetry::inverse;
  const auto then_members = members_of(reader, id, touching(then, back));
  for (const auto& name : touching(first, !back)) {
    Resource* rsc = member(reader, id, name);
    if (rsc == nullptr || !then_members) return false;
    for (Resource* other : *then_members) order_resources(reader.set, *rsc, first_action, *other, then_action, flags);
  }
  return true;
}

}  // namespace

void order_sets(ConstraintReader& reader, pugi::xml_node constraint, const std::vector<ResourceSet>& sets) {
  const auto id = text_of(constraint, "id");
  const auto written = constraint.attribute("symmetrical");
  const auto symmetrical = written ? std::optional<std::string_view>(written.value()) : std::nullopt;
  const OrderKind kind = order_kind(reader, constraint);
  const Symmetry symmetry = order_symmetry(reader, constraint, kind, std::nullopt);
  const ResourceSet* last = nullptr;
  for (const auto& set : sets) {
    if (set.broken || !order_within(reader, set, kind, symmetrical)) return;
    if (last != nullptr) {
      if (!order_pair_of_sets(reader, id, *last, set, kind, symmetry)) return;
      if (symmetry == Symmetry::symmetric && !order_pair_of_sets(reader, id, set, *last, kind, Symmetry::inverse)) return;
    }
    last = &set;
  }
}

}  // namespace relevo::policy
