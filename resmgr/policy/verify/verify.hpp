// What a configuration says that cannot be meant: constraints that contradict each other, orderings in a circle, constraints of
// nothing, resources that can run nowhere. Not the schema, and not single values; those are resmgr/cib's.
#pragma once

#include <pugixml.hpp>

#include "common/base/note.hpp"
#include "common/base/time.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Errors (a constraint that is ignored) and warnings, each naming element, id and what is allowed. Of the status only what rules
/// ask for counts: resources are placed as if every node were up. The document is not changed; nothing for one that is no CIB.
[[nodiscard]] Notes verify(const pugi::xml_document& cib, WallTime now);

// Its parts; the set has its constraints.
/// Constraints whose ends, or nodes, are not in the configuration.
[[nodiscard]] Notes find_dangling(const WorkingSet& set);
/// The same two resources together and apart; a resource bound to a node and banned from it.
[[nodiscard]] Notes find_contradictions(const WorkingSet& set);
/// Orderings that wait for each other, groups and clones included.
[[nodiscard]] Notes find_cycles(const WorkingSet& set);
/// Of a plan: what got no node although it should run, with what forbids each node.
[[nodiscard]] Notes find_homeless(const WorkingSet& set);

}  // namespace relevo::policy
