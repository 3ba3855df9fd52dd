// The environment that an OCF agent is run with. Nothing of the daemon's own is inherited.
#pragma once

#include <map>
#include <string>

#include "resmgr/executor/core.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::executor {

/// Source: OCF resource agent API 1.1; cli spec 2.5.
[[nodiscard]] std::map<std::string, std::string> agent_environment(const Operation& operation,
                                                                   const CoreOptions& options);

}  // namespace relevo::executor
