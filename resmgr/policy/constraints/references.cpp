// Ids, tags and resource sets of constraints, see references.hpp.
#include "resmgr/policy/constraints/references.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

std::vector<std::string> written_members(pugi::xml_node set) {
  std::vector<std::string> ids;
  for (auto ref = set.child("resource_ref"); ref; ref = ref.next_sibling("resource_ref")) {
    ids.emplace_back(ref.attribute("id").value());
  }
  return ids;
}

ResourceSet read_set(ConstraintReader& reader, pugi::xml_node written) {
  ResourceSet read;
  const auto element = resolve_ref(reader.set, written);
  if (!element) {
    read.broken = true;
    return read;
  }
  read.xml = element;
  read.id = text_of(element, "id");
  read.role = text_of(element, "role");
  read.action = text_of(element, "action");
  read.ordering = text_of(element, "ordering");
  read.score = text_of(element, "score");
  read.kind = text_of(element, "kind");
  read.sequential = flag_of(element, "sequential");
  read.require_all = flag_of(element, "require-all");
  read.members = written_members(element);
  return read;
}

/// False, and told, when a member is nothing that is known: then no tag of the constraint is replaced.
bool all_known(ConstraintReader& reader, pugi::xml_node constraint, const std::vector<ResourceSet>& sets) {
  for (const auto& set : sets) {
    for (const auto& id : set.members) {
      if (find_constrained(reader, id) != nullptr || find_tag(reader, id) != nullptr) continue;
      reader.error(fmt::format("Ignoring resource sets for constraint '{}' because '{}' is not a valid resource or tag",
                               text_of(constraint, "id"), id));
      return false;
    }
  }
  return true;
}

void replace_tags(const ConstraintReader& reader, ResourceSet& set) {
  std::vector<std::string> members;
  for (auto& id : set.members) {
    const auto* tagged = find_constrained(reader, id) == nullptr ? find_tag(reader, id) : nullptr;
    if (tagged == nullptr) {
      members.push_back(std::move(id));
    } else {
      members.insert(members.end(), tagged->begin(), tagged->end());
    }
  }
  set.members = std::move(members);
}

}  // namespace

ConstraintReader::ConstraintReader(WorkingSet& working_set) : set(working_set) {
  for (auto& rsc : set.all_resources) {
    if (!rsc.history_name.empty()) by_history_name.emplace(rsc.history_name, &rsc);
  }
}

Resource* find_constrained(const ConstraintReader& reader, std::string_view id) {
  if (Resource* exact = reader.set.find_resource(id)) return exact;
  const auto renamed = reader.by_history_name.find(id);
  return renamed == reader.by_history_name.end() ? nullptr : &renamed->second->top_inside();
}

const std::vector<std::string>* find_tag(const ConstraintReader& reader, std::string_view id) {
  for (const auto* table : {&reader.set.template_users, &reader.set.tags}) {
    const auto found = table->find(std::string(id));
    if (found != table->end() && !found->second.empty()) return &found->second;
  }
  return nullptr;
}

bool is_known(ConstraintReader& reader, std::string_view constraint, std::string_view id) {
  if (find_constrained(reader, id) != nullptr || find_tag(reader, id) != nullptr) return true;
  reader.warn(fmt::format("No template or tag named '{}'", id));
  reader.error(fmt::format("Ignoring constraint '{}' because '{}' is not a valid resource or tag", constraint, id));
  return false;
}

std::vector<ResourceSet> read_sets(ConstraintReader& reader, pugi::xml_node constraint) {
  std::vector<ResourceSet> sets;
  for (auto set = constraint.child("resource_set"); set; set = set.next_sibling("resource_set")) {
    sets.push_back(read_set(reader, set));
  }
  if (!sets.empty() && all_known(reader, constraint, sets)) {
    for (auto& set : sets) replace_tags(reader, set);
  }
  return sets;
}

ResourceSet end_as_set(const ConstraintReader& reader, std::string_view id) {
  ResourceSet set;
  set.id = id;
  const auto* tagged = find_constrained(reader, id) == nullptr ? find_tag(reader, id) : nullptr;
  if (tagged == nullptr) {
    set.members.emplace_back(id);
  } else {
    set.members = *tagged;
    set.sequential = false;
  }
  return set;
}

Resource* member(ConstraintReader& reader, std::string_view told_for, std::string_view id) {
  Resource* rsc = find_constrained(reader, id);
  if (rsc == nullptr) reader.error(fmt::format("{}: No resource found for {}", told_for, id));
  return rsc;
}

std::optional<bool> flag_of(pugi::xml_node element, const char* name) {
  const auto text = text_of(element, name);
  if (is_true(text)) return true;
  if (is_false(text)) return false;
  return std::nullopt;
}

}  // namespace relevo::policy
