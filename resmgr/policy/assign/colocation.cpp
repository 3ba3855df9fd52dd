// What a colocation does to its dependent once the primary has its node, or has none. Primaries that are collections of instances
// are in colocation_collections.cpp and promotable_colocation.cpp.
#include <algorithm>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

bool equal(const std::string* a, const std::string* b) {
  if (a == nullptr || b == nullptr) return a == b;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a->begin(), a->end(), b->begin(), b->end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// A positive colocation speaks of a role that its end will have; a negative one of a role that it will not have.
bool roles_fit(const Resource& dependent, const Resource& primary, const Colocation& colocation) {
  const auto fits = [&](Role wanted, Role next) {
    if (wanted == Role::unknown || colocation.score == 0) return true;
    return colocation.score > 0 ? wanted == next : wanted != next;
  };
  return fits(colocation.dependent_role, dependent.next_role) && fits(colocation.primary_role, primary.next_role);
}

bool is_mandatory(int score) { return score >= Score::infinity || score <= -Score::infinity; }

void apply_to_scores(Assigner& to, Resource& dependent, const Resource& primary, const Colocation& colocation) {
  const Node* at = primary.assigned_to;
  const int score = colocation.score;
  if (at == nullptr && score < 0) return;  // nothing to keep away from
  NodeTable work = dependent.allowed;
  const auto add = [&](const Node& node, int delta) {
    to.set.add_score(work, node, Score(delta), Cause::colocation, colocation.id);
  };
  for (const Node* node : to.set.nodes) {
    if (work.find(*node) == nullptr) continue;
    if (at == nullptr) {
      add(*node, -score);
    } else if (same_value(*node, *at, colocation.attribute)) {
      // A mandatory one is kept by what it forbids elsewhere; it is no preference.
      if (score < Score::infinity) add(*node, score);
    } else if (score >= Score::infinity) {
      add(*node, -score);
    }
  }
  if (is_mandatory(score) || any_available(to.set, work)) dependent.allowed = std::move(work);
}

void apply_to_priority(WorkingSet& set, Resource& dependent, const Resource& primary, const Colocation& colocation) {
  if (primary.assigned_to == nullptr || dependent.assigned_to == nullptr) return;
  const bool together = same_value(*dependent.assigned_to, *primary.assigned_to, colocation.attribute);
  if (!together) {
    const bool needed = colocation.score >= Score::infinity && colocation.dependent_role == Role::promoted;
    if (needed) set_promotion_priority(set, dependent, -Score::infinity, Cause::colocation, colocation.id);
    return;
  }
  if (colocation.primary_role != Role::unknown && colocation.primary_role != primary.next_role) return;
  const int sign = colocation.dependent_role == Role::unpromoted ? -1 : 1;
  add_to_promotion_priority(set, dependent, Score(sign * colocation.score), Cause::colocation, colocation.id);
}

void apply_from_primitive(Assigner& to, Resource& dependent, const Resource& primary, const Colocation& colocation) {
  switch (colocation_affects(dependent, primary, colocation, false)) {
    case Affects::nothing: break;
    case Affects::role: apply_to_priority(to.set, dependent, primary, colocation); break;
    case Affects::location: apply_to_scores(to, dependent, primary, colocation); break;
  }
}

// The whole group must fit a mandatory colocation; for an advisory one its beginning will do.
void apply_from_group(Assigner& to, Resource& dependent, Resource& group, const Colocation& colocation) {
  if (group.provisional || group.children.empty()) return;
  const bool mandatory = colocation.score >= Score::infinity;
  if (group.group_colocated) {
    apply_from_primary(to, dependent, mandatory ? *group.children.back() : *group.children.front(), colocation);
  } else if (mandatory) {
    to.set.say_once(Notice::Level::error, colocation.id + ": Cannot perform mandatory colocation with non-colocated group " + group.id);
  } else {
    for (Resource* member : group.children) apply_from_primary(to, dependent, *member, colocation);
  }
}

void apply_to_group(Assigner& to, Resource& group, Resource& primary, const Colocation& colocation) {
  if (group.children.empty()) return;
  if (group.group_colocated) {
    apply_to_dependent(to, *group.children.front(), primary, colocation);
  } else if (colocation.score >= Score::infinity) {
    to.set.say_once(Notice::Level::error,
                    colocation.id + ": Cannot perform mandatory colocation between non-colocated group and " + primary.id);
  } else {
    for (Resource* member : group.children) apply_to_dependent(to, *member, primary, colocation);
  }
}

}  // namespace

bool is_nameless(const Node& node) { return node.is_remote() && find(node.attributes, "#uname") == nullptr; }

bool same_value(const Node& a, const Node& b, std::string_view attribute) {
  if (attribute.empty() || attribute == "#uname" || attribute == "#id") return &a == &b || (is_nameless(a) && is_nameless(b));
  return equal(attribute_of(a, attribute), attribute_of(b, attribute));
}

Affects colocation_affects(const Resource& dependent, const Resource& primary, const Colocation& colocation, bool preview) {
  if (!preview && primary.provisional) return Affects::nothing;
  const bool instance = dependent.parent != nullptr && dependent.parent->promotable;
  if (colocation.dependent_role >= Role::unpromoted && instance && !dependent.provisional) return Affects::role;
  if (!preview && !dependent.provisional) return Affects::nothing;
  return roles_fit(dependent, primary, colocation) ? Affects::location : Affects::nothing;
}

void apply_from_primary(Assigner& to, Resource& dependent, Resource& primary, const Colocation& colocation) {
  switch (primary.variant) {
    case Variant::primitive: return apply_from_primitive(to, dependent, primary, colocation);
    case Variant::group: return apply_from_group(to, dependent, primary, colocation);
    case Variant::clone: return apply_from_clone(to, dependent, primary, colocation);
    case Variant::bundle: return apply_from_bundle(to, dependent, primary, colocation);
  }
}

void apply_to_dependent(Assigner& to, Resource& dependent, Resource& primary, const Colocation& colocation) {
  if (dependent.is(Variant::group)) return apply_to_group(to, dependent, primary, colocation);
  if (dependent.is(Variant::primitive)) apply_from_primary(to, dependent, primary, colocation);
}

std::vector<Colocation*> this_with_colocations(const Resource& rsc, const Resource&) { return rsc.this_with; }
std::vector<Colocation*> with_this_colocations(const Resource& rsc, const Resource&) { return rsc.with_this; }

}  // namespace relevo::policy
