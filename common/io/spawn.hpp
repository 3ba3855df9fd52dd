// How child processes are started, for child.cpp and run.cpp: descriptors prepared, exec errors known at once.
#pragma once

#include <sys/types.h>

#include "common/base/result.hpp"
#include "common/io/child.hpp"
#include "common/io/fd.hpp"

namespace relevo::io {

/// A started process: the leader of its own group.
struct Spawned {
  pid_t pid = -1;
  Fd pidfd;  ///< readable once the process has ended
  Fd out;    ///< non-blocking ends of its standard output and standard error
  Fd err;
};

/// Starts it. `input` -1 = /dev/null. Errors: the program cannot be run (the message names it), no resources.
Result<Spawned> spawn(const ChildSpec& spec, int input);

/// Keeps at most `limit` bytes of what the descriptor has now; the rest is read and dropped. True at its end.
bool drain(int fd, std::string& into, std::size_t limit);

/// Signals the whole group of a child that has not been reaped yet (only until then the number is surely its own).
void signal_group(pid_t leader, int signal);

/// Reaps an ended child and fills exit_code or signal.
void reap(const Spawned& child, ChildResult& result);

}  // namespace relevo::io
