// `relevo quorum`: the arbiter in the cluster's configuration, and the quorum as corosync-quorumtool shows it.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::quorum {

int run(const std::vector<std::string>& args);

}  // namespace relevo::cli::quorum
