// A host's view of the machine: which folders are its own, which it shares, read-only, with everyone.
#pragma once

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// Called once as PID 1 in fresh mount, PID and UTS namespaces, in the host's network namespace: makes /etc, /var,
/// /run, /tmp and /dev/shm private, everything else read-only, /proc and /sys the host's own.
Status build_view(const Lab& lab, const Host& host);

}  // namespace relevo::cli::lab
