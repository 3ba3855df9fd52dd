// corosync-quorumtool: the quorum as Corosync's users read it.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::lowlevel {

/// -s (default), -l, -p, -m, -e, with -i, -a, -H, -o. Exit: 0 quorate (or done), 2 not quorate, 1 error.
/// Source: corosync-quorumtool(8); membership spec 1.7.
int quorumtool(const std::vector<std::string>& args);

}  // namespace relevo::cli::lowlevel
