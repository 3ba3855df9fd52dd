// crm_mon: the cluster's state once, or live in the terminal, redrawn on every change.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::mon {

/// Runs crm_mon. `args` exclude the program's name. Exit codes as crm_mon's: 0, 64 usage, 102 not connected.
int run(const std::vector<std::string>& args);

}  // namespace relevo::cli::mon
