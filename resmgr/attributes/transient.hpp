// Transient node attributes in the CIB's status section: reading and changing them. Who may, and when, is not decided here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resmgr/cib/document.hpp"

namespace relevo::attributes {

/// A name as part of an XML id: what an id may not hold becomes a dot. Source: resmgr spec 1.6.
[[nodiscard]] std::string id_part(std::string_view name);

/// The new value that `text` asks for: `value++` and `value+=N` add to the old one (no number counts as 0, INFINITY
/// stays), anything else is the value itself. Source: attrd_updater(8).
[[nodiscard]] std::string resolve(std::string_view old, std::string_view text);

/// The `node_state` of a node's id; empty when there is none.
[[nodiscard]] pugi::xml_node node_state(const cib::Document& cib, std::string_view node_id);

[[nodiscard]] std::optional<std::string> transient(const cib::Document& cib, std::string_view node_id,
                                                   std::string_view name);
/// Sets it, `++` and `+=` resolved; true when something changed. Nothing happens without a node_state.
bool set_transient(cib::Document& cib, std::string_view node_id, std::string_view name, std::string_view value);
bool remove_transient(cib::Document& cib, std::string_view node_id, std::string_view name);
/// Every name of the node that begins with `prefix`, in document order.
[[nodiscard]] std::vector<std::string> transient_names(const cib::Document& cib, std::string_view node_id,
                                                       std::string_view prefix);
/// A node that leaves loses its transient attributes.
bool clear_transient(cib::Document& cib, std::string_view node_id);

}  // namespace relevo::attributes
