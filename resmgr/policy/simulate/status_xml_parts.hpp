// The parts of a status as XML, and what text and XML say in the same words. Internal to resmgr/policy/simulate.
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

inline void put(pugi::xml_node element, const char* name, const std::string& value) { element.append_attribute(name) = value.c_str(); }
inline void put(pugi::xml_node element, const char* name, const char* value) { element.append_attribute(name) = value; }
inline void put(pugi::xml_node element, const char* name, bool value) { put(element, name, value ? "true" : "false"); }

/// green, yellow or red, by the node's `#health` attributes; always green when the cluster does not care.
[[nodiscard]] const char* health_text(const WorkingSet& set, const Node& node);
/// The configured name for instances that are alike, else the instance's.
[[nodiscard]] std::string shown_name(const Resource& rsc);
/// Started instances of a promotable clone are unpromoted.
[[nodiscard]] Role shown_role(const Resource& rsc);
/// `Starting` ...: what was begun and has no result yet, or empty.
[[nodiscard]] std::string pending_text(const Resource& rsc);

void put_attributes_xml(pugi::xml_node parent, const WorkingSet& set);
void put_fail_counts_xml(pugi::xml_node parent, WorkingSet& set);
/// Nothing when nothing failed.
void put_failures_xml(pugi::xml_node parent, const WorkingSet& set);

}  // namespace relevo::policy
