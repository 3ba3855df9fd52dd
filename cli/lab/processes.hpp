// The processes of a host, seen from outside: listed, stopped, continued, killed.
#pragma once

#include <set>
#include <vector>

#include "cli/lab/namespaces.hpp"
#include "cli/support/process.hpp"

namespace relevo::cli::lab {

/// A process in one of the namespaces asked for.
struct Inmate {
  ProcessId id;
  char state = '?';  ///< as /proc/PID/stat tells it: R S D T ...
};

/// All processes whose `kind` namespace ("pid", "net") is one of `wanted`, by pid.
[[nodiscard]] std::vector<Inmate> processes_in(const std::string& kind, const std::set<NamespaceId>& wanted);
/// All processes of the host whose PID 1 this is, PID 1 first.
[[nodiscard]] std::vector<Inmate> processes_of(const ProcessId& init);

/// SIGSTOP to all, again until nobody is left who runs (a process may fork while it is being stopped).
Status stop_all(const ProcessId& init);
void continue_all(const ProcessId& init);

}  // namespace relevo::cli::lab
