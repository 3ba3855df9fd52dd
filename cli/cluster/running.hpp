// What runs on this node, as the supervisor writes it down and as the kernel confirms it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "cli/support/process.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::cluster {

/// One daemon under the supervisor.
struct DaemonRecord {
  ProcessId process;               ///< pid 0 = not running now
  std::uint32_t restarts = 0;      ///< after the first start
  std::uint32_t quick_deaths = 0;  ///< in a row, each within 2 s of its start
  std::string last_end;            ///< how it ended last, for people
};

constexpr std::size_t membershipd = 0;
constexpr std::size_t resmgrd = 1;
/// The programs, in the order in which they are started.
constexpr std::array<const char*, 2> daemon_names = {"relevo-membershipd", "relevo-resmgrd"};

struct Running {
  ProcessId supervisor;
  std::array<DaemonRecord, 2> daemons;
};

[[nodiscard]] std::string supervisor_file(const io::Root& root);
[[nodiscard]] std::string supervisor_lock(const io::Root& root);
[[nodiscard]] std::string log_file(const io::Root& root, std::size_t daemon);

/// Cheap and atomic, without fsync: the file is about processes, which do not survive a power cut either.
Status write_running(const io::Root& root, const Running& running);
/// What the supervisor wrote last; nothing when there is no file. Its processes may be dead.
[[nodiscard]] std::optional<Running> read_running(const io::Root& root);
/// The supervisor that lives now.
[[nodiscard]] std::optional<Running> live_supervisor(const io::Root& root);
/// The last lines of a daemon's log, for errors.
[[nodiscard]] std::string log_tail(const io::Root& root, std::size_t daemon, std::size_t lines);

}  // namespace relevo::cli::cluster
