// The pcs-like commands: `relevo resource ...`, `relevo constraint ...`, and all of it under the name pcs.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::pcs {

/// Runs one command. `args` exclude the program's name: {"resource", "create", ...}.
/// Returns the exit code: 0 done, 1 refused or failed (the reason is on standard error).
int run(const std::vector<std::string>& args);

/// The first words that run() knows, for "did you mean" and completion.
const std::vector<std::string>& verbs();

}  // namespace relevo::cli::pcs
