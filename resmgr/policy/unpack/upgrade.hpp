// Documents of schemas before 3.0 brought up to what the engine reads: the same meaning under today's names.
// No validation, and nothing for documents that are of 3.0 or later, or of no schema.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

namespace relevo::policy {

/// Is the document of a schema before 3.0?
[[nodiscard]] bool is_old_document(pugi::xml_node cib);
/// Changes it in place and says what was dropped. Options get their names with dashes, defaults among them become rsc_defaults and
/// op_defaults, what an operation requires becomes what its resource requires. Source: Pacemaker Explained, "Upgrading", and
/// measurements with the installed peer.
std::vector<std::string> upgrade_document(pugi::xml_node cib);

/// The part that is about operations. Internal.
void upgrade_operations(pugi::xml_node resource, std::vector<std::string>& dropped);
/// A block below `parent` for pairs that come from elsewhere: the first of that name, or a new one of that id.
[[nodiscard]] pugi::xml_node block_for(pugi::xml_node parent, const char* name, const std::string& id);
[[nodiscard]] bool has_pair(pugi::xml_node parent, const char* block, std::string_view name);

}  // namespace relevo::policy
