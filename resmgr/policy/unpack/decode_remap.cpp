// What a result means, given what was expected: agents say what they found, and only the expectation makes it a failure.
#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

/// Degraded is as good as healthy, but people shall see it.
void remap_degraded(Pass& pass, Entry& entry) {
  if (entry.task != "monitor") return;
  const int healthy = entry.rc == rc::degraded ? rc::ok : entry.rc == rc::degraded_promoted ? rc::promoted : entry.rc;
  if (healthy == entry.rc) return;
  if (!entry.node->shutdown || entry.node->online) record_failure(pass, entry);
  entry.rc = healthy;
}

void remap_not_running(Entry& entry, Progress& progress) {
  if (!entry.is_probe() && entry.expected != entry.rc && entry.rsc->managed) return;
  entry.outcome = Outcome::done;
  entry.rsc->role = Role::stopped;
  progress.on_fail = OnFail::ignore;
  set_next_role(*entry.rsc, Role::unknown, "not running");
}

/// The agent cannot do it on this node, now or later. After a stop that leaves only fencing, and without it nothing.
void remap_hard(Pass& pass, Entry& entry) {
  if (entry.task == "stop" && !can_fence(pass.set, *entry.node)) {
    pass.set.say(Notice::Level::error, fmt::format("{} cannot be recovered: its stop failed on {}, which cannot be fenced", entry.rsc->id, entry.node->name));
    entry.rsc->managed = false;
    entry.rsc->blocked = true;
  }
  entry.outcome = Outcome::error_hard;
}

void remap_by_rc(Pass& pass, Entry& entry, Progress& progress) {
  switch (entry.rc) {
    case rc::ok:
      if (entry.is_probe() && entry.expected == rc::not_running) entry.outcome = Outcome::done;
      return;
    case rc::not_running: remap_not_running(entry, progress); return;
    case rc::promoted:
      if (entry.is_probe() && entry.rc != entry.expected) entry.outcome = Outcome::done;
      entry.rsc->role = Role::promoted;
      return;
    case rc::degraded_promoted:
    case rc::failed_promoted:
      entry.rsc->role = Role::promoted;
      entry.outcome = Outcome::error;
      return;
    case rc::not_configured: entry.outcome = Outcome::error_fatal; return;
    case rc::not_implemented:
      if (entry.interval.count() > 0) {
        entry.outcome = Outcome::not_supported;
      } else {
        remap_hard(pass, entry);
      }
      return;
    case rc::not_installed:
    case rc::invalid_parameter:
    case rc::no_permission: remap_hard(pass, entry); return;
    default:
      if (entry.outcome == Outcome::done) entry.outcome = Outcome::error;
  }
}

}  // namespace

void remap(Pass& pass, Entry& entry, Progress& progress) {
  remap_degraded(pass, entry);
  if (entry.masked) {
    entry.outcome = Outcome::done;
    entry.rc = rc::not_running;
  }
  // Done and error are what the agent's result makes them; anything else the executor knows best
  if (entry.outcome != Outcome::done && entry.outcome != Outcome::error) return;
  if (entry.expected < 0) {
    pass.set.say(Notice::Level::warning, fmt::format("History entry {} of {} on {} does not say what was expected", entry.id, entry.rsc->id, entry.node->name));
  }
  entry.outcome = entry.expected == entry.rc ? Outcome::done : Outcome::error;
  remap_by_rc(pass, entry, progress);
}

}  // namespace relevo::policy::past
