// `relevo cluster start`.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::cluster {

int start_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
