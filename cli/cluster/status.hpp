// `relevo cluster status`.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::cluster {

int status_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
