// sched_setscheduler, else setpriority.
#include "membership/daemon/priority.hpp"

#include <sched.h>
#include <sys/resource.h>

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

}  // namespace relevo::membership
