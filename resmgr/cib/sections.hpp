// The sections of a CIB: their names, their order, and which elements belong into which. Internal to resmgr/cib.
#pragma once

#include <string_view>

#include <pugixml.hpp>

namespace relevo::cib {

/// `crm_config`, `nodes`, ... of the configuration, in the order in which they are written; not `status`.
[[nodiscard]] bool is_configuration_section(std::string_view name);
/// Those that are always there, though perhaps empty: crm_config, nodes, resources, constraints, status.
[[nodiscard]] bool is_required_section(std::string_view name);

/// The section element, `cib` and `configuration` included; empty when absent or when there is no such section.
[[nodiscard]] pugi::xml_node find_section(const pugi::xml_node& root, std::string_view name);
/// The same, added at its place when absent. The name must be a section's.
pugi::xml_node ensure_section(pugi::xml_node root, std::string_view name);
/// Adds what every CIB has: version attributes and the required sections.
void complete(pugi::xml_node root);

/// The section whose direct child such an element is (`primitive` -> `resources`), a section's own name for itself,
/// or an empty text.
[[nodiscard]] std::string_view home_of(std::string_view element);

/// Whether the element is `status` or below it.
[[nodiscard]] bool is_in_status(const pugi::xml_node& node);

}  // namespace relevo::cib
