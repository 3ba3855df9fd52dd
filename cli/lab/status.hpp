// What a lab is like right now.
#pragma once

#include <string>
#include <vector>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// The nodes whose kernel has the virtual IP now, in the order of their numbers.
[[nodiscard]] std::vector<std::string> vip_holders(const Lab& lab);

int status_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
