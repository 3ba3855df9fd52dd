// What results that were wanted (or are taken so) say about a resource's role, and what they forgive.
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

/// Sets the role; whether an earlier failure is over with it.
bool apply_task(Pass& pass, const Entry& entry, const Progress& progress) {
  Resource& rsc = *entry.rsc;
  if (entry.task == "start" || entry.task == "migrate_from") {
    rsc.role = Role::started;
    return true;
  }
  if (entry.task == "stop") {
    rsc.role = Role::stopped;
    return true;
  }
  if (entry.task == "promote") {
    rsc.role = Role::promoted;
    return true;
  }
  if (entry.task == "demote") {
    rsc.role = Role::unpromoted;
    return progress.on_fail == OnFail::demote;
  }
  if (entry.task == "migrate_to") {
    apply_migrate_to(pass, entry);
    return false;
  }
  if (rsc.role < Role::started) set_active(rsc);
  return entry.task == "monitor" && progress.last_failure && key_of(progress.last_failure) == entry.key;
}

void forgive(Resource& rsc, Progress& progress) {
  switch (progress.on_fail) {
    case OnFail::stop:
    case OnFail::fence:
    case OnFail::ban:
    case OnFail::standby: return;  // these last until somebody cleans up
    case OnFail::reset_remote:
      // With an interval between attempts the failure itself must be gone first
      if (rsc.reconnect_interval.count() != 0) return;
      progress.on_fail = OnFail::ignore;
      set_next_role(rsc, Role::unknown, "clear past failures and reset remote");
      return;
    default:
      progress.on_fail = OnFail::ignore;
      set_next_role(rsc, Role::unknown, "clear past failures");
  }
}

}  // namespace

void apply_result(Pass& pass, const Entry& entry, int result, Progress& progress) {
  if (result == rc::not_installed || entry.masked) {
    entry.rsc->role = Role::stopped;
    return;
  }
  if (result == rc::not_running || apply_task(pass, entry, progress)) forgive(*entry.rsc, progress);
}

void apply_pending(Pass& pass, const Entry& entry) {
  Resource& rsc = *entry.rsc;
  if (entry.task == "start") {
    rsc.start_pending = true;
    set_active(rsc);
  } else if (entry.task == "promote") {
    rsc.role = Role::promoted;
  } else if (entry.task == "migrate_to" && entry.node->unclean) {
    // It may have arrived already, and nobody there knows
    Node* target = pass.set.find_node(entry.xml.attribute("migrate_target").value());
    if (target != nullptr) rsc_action(pass.set, rsc, "stop", target, false);
  }
  if (rsc.pending_task.empty() && !entry.is_probe()) {
    rsc.pending_task = entry.task;
    rsc.pending_node = entry.node;
  }
}

}  // namespace relevo::policy::past
