// One action as an element of the graph. Internal to the graph.
#pragma once

#include "common/xml/writer.hpp"
#include "resmgr/policy/graph/attributes.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Everything about it: the resource, all attributes, nodes that it takes down.
void write_action(AttributeWriter& attributes, const Action& action, xml::Writer& out);
/// Only what names it, for somebody that waits for it.
void write_reference(const Action& action, xml::Writer& out);

/// The name under which others know the action: with the instance's name in the history, when it has another one there.
[[nodiscard]] std::string public_key(const Action& action);

/// Remote and guest nodes whose maintenance mode their own executor does not know yet, by id.
[[nodiscard]] std::vector<const Node*> changed_maintenance(const WorkingSet& set);

}  // namespace relevo::policy
