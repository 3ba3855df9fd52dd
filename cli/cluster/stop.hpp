// `relevo cluster stop`.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::cluster {

int stop_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
