// Failures: what the configuration wants to follow, which of several counts, what they leave of the resource's role.
#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

void apply_demote_failure(const Entry& entry, OnFail on_fail) {
  Resource& rsc = *entry.rsc;
  if (on_fail == OnFail::block) {
    rsc.role = Role::promoted;
    set_next_role(rsc, Role::stopped, "demote with on-fail=block");
  } else {
    // Were it still called promoted, recovery would try to demote it for ever; it is stopped before it can be promoted again
    rsc.role = entry.rc == rc::not_running ? Role::stopped : Role::unpromoted;
  }
}

void apply_task_failure(Pass& pass, const Entry& entry, OnFail on_fail) {
  if (entry.task == "stop") {
    add_location(pass.set, *entry.rsc, entry.node, -Score::infinity, Cause::failure, entry.key);
  } else if (entry.task == "migrate_from") {
    apply_migrate_from_failure(pass, entry);
  } else if (entry.task == "migrate_to") {
    apply_migrate_to_failure(pass, entry);
  } else if (entry.task == "promote") {
    entry.rsc->role = Role::promoted;
  } else if (entry.task == "demote") {
    apply_demote_failure(entry, on_fail);
  }
}

void tell(Pass& pass, const Entry& entry) {
  const bool expectable = pass.set.options.symmetric_cluster && entry.rc == rc::not_installed;
  if (expectable) return;
  pass.set.say(Notice::Level::warning, fmt::format("{} of {} on {} had the unexpected result {}", entry.is_probe() ? "probe" : entry.task,
                                                   entry.rsc->id, entry.node->name, entry.rc));
  record_failure(pass, entry);
}

}  // namespace

FailurePolicy failure_policy(WorkingSet& set, const Entry& entry) {
  Action action;  // of no plan, only to be asked
  action.rsc = entry.rsc;
  action.task = entry.task;
  action.key = entry.key;
  action.interval = entry.interval;
  unpack_operation(set, action);
  return {action.on_fail, action.fail_role};
}

void record_failure(Pass& pass, const Entry& entry) {
  if (!entry.node->online) return;
  if (!pass.recorded.emplace(entry.key, entry.node).second) return;
  pass.set.failed.push_back({entry.rsc, entry.node, entry.xml});
}

void apply_failure(Pass& pass, const Entry& entry, Progress& progress) {
  Resource& rsc = *entry.rsc;
  progress.last_failure = entry.xml;
  tell(pass, entry);
  const FailurePolicy policy = failure_policy(pass.set, entry);
  if (progress.on_fail < policy.on_fail) progress.on_fail = policy.on_fail;
  apply_task_failure(pass, entry, policy.on_fail);
  if (entry.is_probe() && entry.rc == rc::not_installed) {
    rsc.role = Role::stopped;
  } else if (rsc.role < Role::started) {
    set_active(rsc);
  }
  if (policy.role != Role::started && rsc.next_role < policy.role) set_next_role(rsc, policy.role, "failure");
  if (policy.role == Role::stopped) {
    pass.set.say(Notice::Level::notice, fmt::format("{} is not started any more after its failure", rsc.id));
    // Instances of an anonymous clone are all the same: where one may not go on, none may
    Resource& whole = is_anonymous(rsc) ? rsc.top_inside() : rsc;
    forbid_everywhere(pass.set, whole, Cause::failure, entry.key);
  }
}

}  // namespace relevo::policy::past
