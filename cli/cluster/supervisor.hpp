// The small supervisor for hosts without systemd: starts both daemons, restarts what dies, stops them in order.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/cluster/running.hpp"

namespace relevo::cli::cluster {

/// How long to wait before a daemon that died is started again: 50 ms, doubled with each quick death in a row, 5 s at
/// most. A daemon that had run longer than `quick_death` begins anew at 50 ms.
[[nodiscard]] std::chrono::milliseconds restart_delay(std::uint32_t quick_deaths);
constexpr std::chrono::milliseconds quick_death{2000};

/// Longest wait for the resource manager to hand its resources over, and for the membership daemon to leave.
constexpr std::chrono::seconds resmgr_stop_limit{120};
constexpr std::chrono::seconds membership_stop_limit{10};

/// The hidden verb `relevo cluster supervise`: runs in the foreground until it is told to stop.
int supervise_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::cluster
