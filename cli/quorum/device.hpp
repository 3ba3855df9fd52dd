// The verbs of `relevo quorum device`. Words and layouts of pcs(8) and corosync-qdevice-tool(8) where they have some.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::quorum {

inline constexpr const char* no_heuristics =
    "this version runs no heuristics: leave them out. Which half goes on is decided by algorithm and tie_breaker";

/// `add [timeout=MS] [sync_timeout=MS] model net host=HOST [...]`: on all nodes of the ring or on none.
int device_add(const std::vector<std::string>& args);
int device_remove(const std::vector<std::string>& args);
int device_status(const std::vector<std::string>& args);

}  // namespace relevo::cli::quorum
