// `relevo membership status|links|top|reload`: the membership layer for people.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::membership_view {

/// Runs the verb in `args[0]`. Exit codes: cli/support/exit_codes.hpp.
int run(const std::vector<std::string>& args);

}  // namespace relevo::cli::membership_view
