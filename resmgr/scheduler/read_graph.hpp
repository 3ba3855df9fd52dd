// A transition graph as the actions of a plan. What is in the graph was decided by the policy engine; nothing is left out
// or added here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/scheduler/plan.hpp"

namespace relevo::scheduler {

/// The actions of `<transition_graph>`, in an order that respects what they wait for. Those that wait for each other in a
/// circle, or for what is not in the graph, are there but not runnable, and `warnings` names them. `reason_of` tells why the
/// action of that number is required.
[[nodiscard]] std::vector<Action> read_graph(pugi::xml_node graph, const std::function<std::string(std::size_t)>& reason_of,
                                             std::vector<std::string>& warnings);

}  // namespace relevo::scheduler
