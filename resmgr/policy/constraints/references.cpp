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

/// Tags may stand for tags; deeper than this, or for more than this, they stand for nothing.
constexpr int deepest_tag = 16;
constexpr std::size_t most_members = 100'000;

/// The resources behind the ids; false when there is one that is nothing known, which is left in `unknown`.
bool replace_tags(const ConstraintReader& reader, const std::vector<std::string>& ids, int depth, std::vector<std::string>& out,
                  std::string& unknown) {
  for (const auto& id : ids) {
    if (find_constrained(reader, id) != nullptr) {
      out.push_back(id);
      continue;
    }
    const auto* tagged = find_tag(reader, id);
    if (tagged == nullptr || depth >= deepest_tag || out.size() > most_members) {
      unknown = id;
      return false;
    }
    if (!replace_tags(reader, *tagged, depth + 1, out, unknown)) return false;
  }
  return true;
}

/// Tags in the sets of a constraint are replaced all or, when any member is nothing that is known, none.
void replace_all_tags(ConstraintReader& reader, pugi::xml_node constraint, std::vector<ResourceSet>& sets) {
  std::vector<std::vector<std::string>> replaced(sets.size());
  std::string unknown;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (replace_tags(reader, sets[i].members, 0, replaced[i], unknown)) continue;
    reader.error(fmt::format("Ignoring resource sets for constraint '{}' because '{}' is not a valid resource or tag",
                             text_of(constraint, "id"), unknown));
    return;
  }
  for (std::size_t i = 0; i < sets.size(); ++i) sets[i].members = std::move(replaced[i]);
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
  replace_all_tags(reader, constraint, sets);
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
