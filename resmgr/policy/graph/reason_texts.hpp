// What an action's task says about why it is there, in words. Internal to the graph; see reasons.hpp.
#pragma once

#include <string>
#include <utility>

#include "resmgr/policy/graph/reasons.hpp"

namespace relevo::policy {

/// Why that task is required on that resource or node, from what both are and shall be.
[[nodiscard]] std::pair<ActionCause, std::string> why_required(const Action& action);
/// Why nothing requires it.
[[nodiscard]] std::string why_not_needed(const Action& action);

}  // namespace relevo::policy
