// Hosts as processes: switching one on and off. PID 1 of each is this program.
#pragma once

#include <string>
#include <vector>

#include "cli/lab/store.hpp"

namespace relevo::cli::lab {

/// Cables, disk and PID 1 of a host that is off. Its disk is as it was left, /run, /tmp and /dev/shm are empty.
Status switch_on(const Lab& lab, const Host& host);
/// Links cut, then every process killed, in that order: nothing of the host says goodbye.
Status switch_off(const Lab& lab, const Host& host);

/// The hidden verb `relevo lab keeper LAB HOST`: makes the host's PID 1, waits for its end, takes its cables away.
int keeper_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
