// PID 1 of a host: made in namespaces of its own, it builds the host's view and then only reaps.
#pragma once

#include <sys/types.h>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// Makes PID 1 as a child of the caller and waits until the host is ready. It dies when the caller dies.
Result<pid_t> start_guest(const Lab& lab, const Host& host);

}  // namespace relevo::cli::lab
