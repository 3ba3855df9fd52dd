// Processes seen from outside: tools run to their end, process identities that survive pid reuse, short waits.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli {

/// A process for ever: a pid alone may name another process later.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start = 0;  ///< clock ticks after boot, field 22 of /proc/PID/stat
  bool operator==(const ProcessId&) const = default;
};

/// The process that now has this pid; nothing when there is none or it is a zombie.
[[nodiscard]] std::optional<ProcessId> identify(pid_t pid);
[[nodiscard]] bool is_alive(const ProcessId& process);
/// Sends a signal only when it is still the same process.
bool send_signal(const ProcessId& process, int signal);
/// KILL, then waits until it is gone. False when it still is there after `limit`.
bool kill_and_wait(const ProcessId& process, std::chrono::milliseconds limit);

/// The file of a system tool (`ip`, `nft`), searched in the system's folders and then in PATH.
Result<std::string> find_tool(const std::string& name);
/// Runs a tool to its end and gives its standard output. Errors: it is missing, or it failed; then its own words.
Result<std::string> run_tool(const std::string& name, const std::vector<std::string>& args,
                             std::string_view input = {});

/// Sleeps. Signals cut it short.
void pause_for(std::chrono::milliseconds time);
/// Asks every `step` until it is true. False when `limit` is over.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit,
                std::chrono::milliseconds step = std::chrono::milliseconds(5));

}  // namespace relevo::cli
