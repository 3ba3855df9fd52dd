// Nodes in the CIB: their entries in `nodes` and their node_state in `status`, and the document's own counters.
// The history of operations is in history.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::controller {

/// One more update of the status, or one more configuration (which resets the updates).
void count_update(cib::Document& cib);
void count_configuration(cib::Document& cib);
/// An attribute of `<cib>` itself, such as dc-uuid; true when it changed.
bool set_cib_attribute(cib::Document& cib, std::string_view name, std::string_view value);

/// The id of a node in the CIB: the one its entry bears, else its number.
[[nodiscard]] std::string node_uuid(const cib::Document& cib, NodeId id, std::string_view name);
/// Adds the node's entry when it is missing; true when it was added. The caller counts the configuration.
bool ensure_node(cib::Document& cib, NodeId id, std::string_view name);

/// How a node stands. Source: resmgr spec 2(a) stage 1.5.
enum class Standing {
  member,        ///< takes part
  process_gone,  ///< the host is in the ring, its resource manager is not: it may still run resources
  left,          ///< handed over and gone
  lost,          ///< gone without a word
};
/// Writes it into the node_state, which is made when missing. True when something changed.
bool set_standing(cib::Document& cib, std::string_view uuid, std::string_view name, Standing standing);
/// There is a node_state.
[[nodiscard]] bool has_standing(const cib::Document& cib, std::string_view uuid);
/// What the node_state says; nothing known counts as left.
[[nodiscard]] Standing standing(const cib::Document& cib, std::string_view uuid);

}  // namespace relevo::controller
