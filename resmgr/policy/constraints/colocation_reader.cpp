// Colocations as the CIB has them: of two resources, of tags, of sets in a row and among themselves.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

/// What is common to all colocations made from one constraint.
struct Source {
  ConstraintReader& reader;
  std::string id;
  std::string_view influence_text;
  int score;
};

bool influence_of(const Source& source, const Resource& dependent) {
  if (!source.influence_text.empty()) {
    if (is_true(source.influence_text)) return true;
    if (is_false(source.influence_text)) return false;
    source.reader.error(fmt::format("Constraint '{}' has invalid value for influence (using default)", source.id));
  }
  return dependent.critical;
}

void colocate(const Source& source, std::string_view id, int score, Resource& dependent, Resource& primary, std::string_view dependent_role,
              std::string_view primary_role) {
  new_colocation(source.reader.set, id, {}, score, dependent, primary, role_of(dependent_role), role_of(primary_role),
                 influence_of(source, dependent));
}

/// Each with the one before it, or, in the other way of writing, the one after it.
void colocate_in_row(const Source& source, const ResourceSet& set, int score) {
  const bool as_group = set.ordering.empty() || set.ordering == "group";
  Resource* last = nullptr;
  for (const auto& id : set.members) {
    Resource* rsc = member(source.reader, set.id, id);
    if (rsc == nullptr) return;
    if (last != nullptr) colocate(source, set.id, score, as_group ? *rsc : *last, as_group ? *last : *rsc, set.role, set.role);
    last = rsc;
  }
}

/// Each with all before it: nothing less keeps everybody apart. A clone that goes by its instance's name is not known by it
/// here: it is kept apart from all, before and behind it.
void keep_apart(const Source& source, const ResourceSet& set, int score) {
  for (const auto& id : set.members) {
    Resource* rsc = member(source.reader, set.id, id);
    if (rsc == nullptr) return;
    for (const auto& before : set.members) {
      if (before == rsc->id) break;
      Resource* with = member(source.reader, set.id, before);
      if (with == nullptr) return;
      colocate(source, set.id, score, *rsc, *with, set.role, set.role);
    }
  }
}

void colocate_within(const Source& source, const ResourceSet& set) {
  const int score = set.score.empty() ? source.score : score_of(source.reader.set, set.score);
  if (score == 0 || set.sequential == false) return;
  if (score > 0) {
    colocate_in_row(source, set, score);
  } else {
    keep_apart(source, set, score);
  }
}

/// Resources of the ids, up to the first that does not exist.
std::vector<Resource*> resources_of(const Source& source, const std::vector<std::string>& ids, bool& complete) {
  std::vector<Resource*> found;
  complete = true;
  for (const auto& id : ids) {
    Resource* rsc = member(source.reader, source.id, id);
    complete = rsc != nullptr;
    if (!complete) break;
    found.push_back(rsc);
  }
  return found;
}

/// All of a set without sequence, else the end that touches the other set: first of the dependent's, last of the primary's.
std::vector<std::string> touching(const ResourceSet& set, bool is_dependent) {
  if (set.sequential == false || set.members.empty()) return set.members;
  return {is_dependent ? set.members.front() : set.members.back()};
}

void colocate_sets(const Source& source, const ResourceSet& dependents, const ResourceSet& primaries) {
  if (source.score == 0) return;
  bool complete = true;
  const auto primary_ids = touching(primaries, false);
  for (const auto& id : touching(dependents, true)) {
    Resource* dependent = member(source.reader, source.id, id);
    if (dependent == nullptr) return;
    for (Resource* primary : resources_of(source, primary_ids, complete)) {
      colocate(source, source.id, source.score, *dependent, *primary, dependents.role, primaries.role);
    }
    if (!complete) return;
  }
}

/// A numbered instance, as old configurations could ask for one.
Resource* instance_of(ConstraintReader& reader, const Source& source, Resource& clone, std::string_view number) {
  if (number.empty()) return &clone;
  if (!clone.is(Variant::clone)) {
    reader.error(fmt::format("Ignoring colocation constraint '{}' because resource '{}' is not a clone but instance '{}' was requested",
                             source.id, clone.id, number));
    return nullptr;
  }
  for (Resource* child : clone.children) {
    const auto colon = child->id.rfind(':');
    if (colon != std::string::npos && std::string_view(child->id).substr(colon + 1) == number) return child;
  }
  reader.warn(fmt::format("Ignoring colocation constraint '{}' because resource '{}' does not have an instance '{}'", source.id, clone.id,
                          number));
  return nullptr;
}

Resource* end_of(ConstraintReader& reader, const Source& source, std::string_view id, std::string_view instance) {
  Resource* rsc = find_constrained(reader, id);
  if (rsc == nullptr) {
    reader.error(fmt::format("Ignoring colocation constraint '{}' because resource '{}' does not exist", source.id, id));
    return nullptr;
  }
  return instance_of(reader, source, *rsc, instance);
}

void colocate_pair(const Source& source, pugi::xml_node constraint) {
  auto& reader = source.reader;
  Resource* dependent = end_of(reader, source, text_of(constraint, "rsc"), text_of(constraint, "rsc-instance"));
  if (dependent == nullptr) return;
  Resource* primary = end_of(reader, source, text_of(constraint, "with-rsc"), text_of(constraint, "with-rsc-instance"));
  if (primary == nullptr) return;
  new_colocation(reader.set, source.id, text_of(constraint, "node-attribute"), source.score, *dependent, *primary,
                 role_of(text_of(constraint, "rsc-role")), role_of(text_of(constraint, "with-rsc-role")), influence_of(source, *dependent));
}

/// At least one end is a tag or template.
void colocate_tagged(const Source& source, pugi::xml_node constraint) {
  auto& reader = source.reader;
  const auto dependent = text_of(constraint, "rsc"), primary = text_of(constraint, "with-rsc");
  if (find_constrained(reader, dependent) == nullptr && find_constrained(reader, primary) == nullptr) {
    reader.error(fmt::format("Ignoring constraint '{}' because two templates or tags cannot be colocated", source.id));
    return;
  }
  ResourceSet dependents = end_as_set(reader, dependent), primaries = end_as_set(reader, primary);
  dependents.role = text_of(constraint, "rsc-role");
  primaries.role = text_of(constraint, "with-rsc-role");
  colocate_sets(source, dependents, primaries);
}

}  // namespace

void read_colocation(ConstraintReader& reader, pugi::xml_node constraint) {
  const Source source{reader, std::string(text_of(constraint, "id")), text_of(constraint, "influence"),
                      score_of(reader.set, text_of(constraint, "score"))};
  const auto sets = read_sets(reader, constraint);
  const ResourceSet* last = nullptr;
  for (const auto& set : sets) {
    if (set.broken) return;
    colocate_within(source, set);
    if (last != nullptr) colocate_sets(source, *last, set);
    last = &set;
  }
  if (last != nullptr) return;
  const auto dependent = text_of(constraint, "rsc"), primary = text_of(constraint, "with-rsc");
  if (!dependent.empty() && !primary.empty()) {
    if (!is_known(reader, source.id, dependent) || !is_known(reader, source.id, primary)) return;
    if (find_constrained(reader, dependent) == nullptr || find_constrained(reader, primary) == nullptr) {
      colocate_tagged(source, constraint);
      return;
    }
  }
  colocate_pair(source, constraint);
}

}  // namespace relevo::policy
