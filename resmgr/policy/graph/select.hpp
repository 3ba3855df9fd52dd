// Which actions are worth carrying out, and which of their dependencies the one who carries them out must know.
// Internal to the graph; what is required and what can run was decided before.
#pragma once

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Does the action go into the graph? What should never have been planned (no node, a node that cannot act) is told.
[[nodiscard]] bool belongs_in_graph(WorkingSet& set, const Action& action);

/// Does `then` have to wait for `input` in the graph? Dependencies that turn out to mean nothing get the type none.
[[nodiscard]] bool counts(WorkingSet& set, const Action& then, Dependency& input);

/// One entry for each action that comes before, in the order of their ids, the types joined; all of them not dumped
/// yet.
void merge_inputs(Action& action);

/// Is it the stop of a resource, by its key?
[[nodiscard]] bool is_stop_key(const Action& action);

}  // namespace relevo::policy
