// The readers of the four kinds of constraints. Internal to resmgr/policy/constraints; unpack.cpp calls them.
#pragma once

#include <pugixml.hpp>

#include "resmgr/policy/constraints/references.hpp"

namespace relevo::policy {

void read_location(ConstraintReader& reader, pugi::xml_node constraint);
void read_colocation(ConstraintReader& reader, pugi::xml_node constraint);
void read_ordering(ConstraintReader& reader, pugi::xml_node constraint);
void read_ticket(ConstraintReader& reader, pugi::xml_node constraint);

/// What a resource's id was matched with, for `%1` in rules.
struct PatternMatch {
  std::string subject;
  std::vector<std::pair<int, int>> groups;  ///< begin and end; begin -1: took no part
};
/// Replaces `%0` to `%9` by what the groups matched; those that matched nothing stay.
[[nodiscard]] std::string expand_groups(std::string_view text, const PatternMatch& match);

/// One rule of a location constraint becomes a location of its own.
void read_location_rule(ConstraintReader& reader, Resource& rsc, pugi::xml_node rule, std::string_view discovery, const PatternMatch* match);
/// A location without nodes; an unknown word for discovery is told.
Location& make_location(WorkingSet& set, std::string_view id, Resource& rsc, std::string_view discovery, Cause cause);

}  // namespace relevo::policy
