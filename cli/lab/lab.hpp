// `relevo lab`: whole clusters on one machine, in namespaces, with faults on demand. The one header for main.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::lab {

/// Everything after `relevo lab`.
int run(const std::vector<std::string>& args);
/// Everything after `relevo demo`.
int run_demo(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
