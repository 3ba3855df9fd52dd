// `relevo cluster key`: the keys of the running cluster, for people. The daemon decides; nothing secret is shown.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::cluster {

/// Everything after `relevo cluster key`: list, rotate, retire.
int key_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
