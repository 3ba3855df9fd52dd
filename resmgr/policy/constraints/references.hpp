// What constraints refer to: resources by id, tags, templates, resource sets. Internal to reading constraints; nothing is
// decided here, and what a reference is used for is not known.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// What reading one CIB's constraints needs at hand.
struct ConstraintReader {
  explicit ConstraintReader(WorkingSet& working_set);

  WorkingSet& set;
  std::unordered_map<std::string_view, Resource*> by_history_name;  ///< the first instance that goes by that name in the history

  void error(std::string text) { set.say(Notice::Level::error, std::move(text)); }
  void warn(std::string text) { set.say(Notice::Level::warning, std::move(text)); }
};

/// The resource of that id; for the name that the history has for an instance: the whole clone. nullptr if there is none.
[[nodiscard]] Resource* find_constrained(const ConstraintReader& reader, std::string_view id);
/// The ids that a tag or template stands for; nullptr when `id` is neither.
[[nodiscard]] const std::vector<std::string>* find_tag(const ConstraintReader& reader, std::string_view id);
/// Is it a resource, a tag or a template? If not, that is told.
[[nodiscard]] bool is_known(ConstraintReader& reader, std::string_view constraint, std::string_view id);

/// A resource set as written, or made from a tag at one end of a constraint. Tags and templates in it are replaced.
struct ResourceSet {
  std::string id;
  std::vector<std::string> members;
  std::string role, action, ordering, score, kind;  ///< empty = not given
  std::optional<bool> sequential, require_all;
  pugi::xml_node xml;   ///< empty when it was made from a tag
  bool broken = false;  ///< an id-ref that leads nowhere; nothing after it counts
};

/// The sets of a constraint in their order.
[[nodiscard]] std::vector<ResourceSet> read_sets(ConstraintReader& reader, pugi::xml_node constraint);
/// One end of a constraint as a set: the resources behind a tag in no sequence, or the one resource.
[[nodiscard]] ResourceSet end_as_set(const ConstraintReader& reader, std::string_view id);
/// The member's resource; when there is none, `told_for` is told and it is nullptr.
[[nodiscard]] Resource* member(ConstraintReader& reader, std::string_view told_for, std::string_view id);

/// An attribute's text, or empty.
[[nodiscard]] inline std::string_view text_of(pugi::xml_node element, const char* name) { return element.attribute(name).value(); }
/// An attribute as yes or no; nothing when it is absent or neither.
[[nodiscard]] std::optional<bool> flag_of(pugi::xml_node element, const char* name);

}  // namespace relevo::policy
