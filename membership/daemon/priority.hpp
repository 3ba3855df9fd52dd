// How the daemon is scheduled: a membership layer that waits behind everything else on a busy host is taken for dead.
#pragma once

#include "common/base/note.hpp"
#include "common/config/cluster_config.hpp"

namespace relevo::membership {

/// Real-time round robin unless `system.sched_rr: no`, for this thread only: threads and programs started later are
/// ordinary ones. Where that is not permitted, the best ordinary priority. Says what it could not have.
/// Source: corosync.conf(5), `sched_rr`, `priority`.
Notes raise_priority(const config::SystemConfig& wanted);

/// Keeps what the daemon has touched in memory, so that a host that swaps does not make it late; only where it may lock
/// as much as it likes. What it has not touched stays out: the program remains small. Says what it could not have.
Notes lock_memory();
/// Room for all local programs and links at once: as many open files as the host allows, within reason.
Notes raise_file_limit();

}  // namespace relevo::membership
