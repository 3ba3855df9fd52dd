// What a lab remembers between two commands: its folder under /run/relevo-lab, its lock, its machines' processes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/lab/topology.hpp"
#include "common/io/fd.hpp"

namespace relevo::cli::lab {

/// /run/relevo-lab, where every lab has a folder.
[[nodiscard]] std::string base_folder();
/// The lab's folder: a tmpfs of its own, so that one umount removes everything in it.
[[nodiscard]] std::string folder_of(const std::string& lab);
/// The disk of a host: what survives its power-off.
[[nodiscard]] std::string disk_of(const std::string& lab, const std::string& host);

/// Held while a lab is made, changed or removed. Released when the process ends, however it ends.
class Lock {
 public:
  /// Waits for others up to `limit`. Errors: try_again, when another command still works on this lab.
  static Result<Lock> take(const std::string& lab, std::chrono::milliseconds limit);
  /// Removes the lock's file too: after `down` nothing may be left.
  void remove();

 private:
  Lock(io::Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  io::Fd fd_;
  std::string path_;
};

Status save(const Lab& lab);
/// Errors: not_found, with how to make one.
Result<Lab> load(const std::string& name);
/// Every lab that left a folder, also half a one.
[[nodiscard]] std::vector<std::string> lab_names();

/// The processes that make a host: none = powered off.
struct Machine {
  ProcessId init;    ///< PID 1 of the host
  ProcessId keeper;  ///< its parent outside, which takes the links away when it dies
};
Status save_machine(const Lab& lab, const Host& host, const Machine& machine);
/// Nothing when the host is off, also when it died by itself.
[[nodiscard]] std::optional<Machine> machine_of(const Lab& lab, const Host& host);
/// What the file says, alive or not; for cleaning up.
[[nodiscard]] std::optional<Machine> recorded_machine(const std::string& lab, const std::string& host);

}  // namespace relevo::cli::lab
