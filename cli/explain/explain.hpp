// `relevo explain` and `relevo simulate`: why things are as they are, and what would be if. Nothing is changed by either.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::explain {

/// Why a resource is where it is, or why an action is planned. Exit codes are those of cli/support/exit_codes.hpp.
int explain(const std::vector<std::string>& args);
/// What if: suppositions in words, before and after side by side, the transitions between.
int simulate(const std::vector<std::string>& args);

}  // namespace relevo::cli::explain
