// Running commands inside a host: all its namespaces, its environment, the caller's terminal.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "cli/lab/store.hpp"

namespace relevo::cli::lab {

/// The hidden middle of `exec`: joins every namespace of the host. The next fork is in its PID namespace.
Status join_host(const Machine& machine);

/// Runs a command with this process's own standard streams. Gives its exit code, 128 + N when signal N ended it,
/// 126 or 127 when it could not be run. Errors: the host is off.
Result<int> exec_in(const Lab& lab, const Host& host, const std::vector<std::string>& command);

/// The same with the output collected (standard error too when `both`), for our own use. A host is off, or the
/// command did not end in time: an error; its exit code is given otherwise.
struct Captured {
  int exit_code = 0;
  std::string out;
};
Result<Captured> capture_in(const Lab& lab, const Host& host, const std::vector<std::string>& command,
                            std::chrono::milliseconds limit);

/// Starts a function of ours inside the host as a child of this process, which dies with it. Gives its pid here.
Result<pid_t> fork_in(const Lab& lab, const Host& host, const std::function<int()>& body);

int exec_main(const std::vector<std::string>& args);

}  // namespace relevo::cli::lab
