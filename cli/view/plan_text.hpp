// What a change would do, before it is made: the plans of two CIBs side by side.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::cli::view {

/// One line a resource that the change would start, stop, move or restart, with the reason; "nothing would move" else.
Result<std::string> plan_difference(const cib::Document& before, const cib::Document& after, WallTime now);

}  // namespace relevo::cli::view
