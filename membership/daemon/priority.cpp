// sched_setscheduler, else setpriority; mlockall and the limit of open files.
#include "membership/daemon/priority.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/io/fd.hpp"

namespace relevo::membership {

Notes raise_priority(const config::SystemConfig& wanted) {
  if (!wanted.sched_rr) return {};
  sched_param param{};
  param.sched_priority = sched_get_priority_max(SCHED_RR);
  if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &param) == 0) return {};
  const int error = errno;
  constexpr int best_nice = -20;
  const bool is_nice = setpriority(PRIO_PROCESS, 0, best_nice) == 0;
  return {note(is_nice ? Level::info : Level::warning, "no real-time scheduling ({}): on a busy host this node may be late{}",
               io::errno_text(error), is_nice ? "; it runs with the best ordinary priority" : "")};
}

Notes lock_memory() {
  rlimit limit{};
  const bool unbounded = ::geteuid() == 0 || (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);
  // With a bound, memory asked for later would be refused: worse than a page that comes back from disk.
  if (!unbounded) return {note(Level::info, "memory is not locked: it may be only within a bound (RLIMIT_MEMLOCK)")};
  if (::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return {};
  return {note(Level::info, "memory is not locked: {}", io::errno_text(errno))};
}

Notes raise_file_limit() {
  constexpr rlim_t wanted = 4096;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return {};
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted) return {};
  return {note(Level::warning, "only {} files may be open at once: many local programs may have to wait", limit.rlim_cur)};
}

}  // namespace relevo::membership
