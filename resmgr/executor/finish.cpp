// The end of a run: its result, what is reported, what is known to be active afterwards.
#include "resmgr/executor/core.hpp"
#include "resmgr/executor/outcome.hpp"

namespace relevo::executor {
namespace {

milliseconds between(Instant from, Instant to) {
  return to <= from ? milliseconds(0) : std::chrono::duration_cast<milliseconds>(to - from);
}

}  // namespace

void Core::on(const ChildDone& in, Turn& turn) {
  const auto owner = runs_.find(in.token);
  if (owner == runs_.end()) {
    turn.out.notes.push_back(note(Level::warning, "an agent run that nobody waits for has ended"));
    return;
  }
  auto& resource = resources_.at(owner->second);
  runs_.erase(owner);
  const auto run = std::move(*resource.run);
  resource.run.reset();

  OperationResult result;
  result.operation = run.job.operation;
  result.call_id = run.job.call_id;
  auto outcome = outcome_of(in, run.job.operation);
  if (run.killed) outcome = {ocf_unknown, OpStatus::cancelled, "ended to make room for an urgent stop"};
  result.rc = outcome.rc;
  result.status = outcome.status;
  result.exit_reason = std::move(outcome.reason);
  result.exec_time = std::chrono::duration_cast<milliseconds>(in.run_time);
  result.queue_time = between(run.job.ready_at, run.started);
  result.last_run = result.last_rc_change = run.wall;
  finish(resource, run, std::move(result), turn);
}

void Core::finish(Resource& resource, const Run& run, OperationResult result, Turn& turn) {
  learn(resource, result, turn);
  if (run.job.recurring) return finish_recurring(resource, *run.job.recurring, std::move(result), turn);
  turn.out.effects.emplace_back(std::move(result));
}

void Core::finish_recurring(Resource& resource, const Key& key, OperationResult result, Turn& turn) {
  const auto it = resource.recurring.find(key);
  if (it == resource.recurring.end()) return;
  auto& entry = it->second;
  if (entry.cancelled) {
    const auto waiting = std::move(entry.waiting_cancels);
    resource.recurring.erase(it);
    for (const auto& job : waiting) answer(job, ocf_ok, OpStatus::done, {}, turn);
    return;
  }
  const bool changed = result.rc != entry.last_rc || result.status != entry.last_status;
  if (changed) entry.last_change = turn.wall;
  entry.last_rc = result.rc;
  entry.last_status = result.status;
  // A repeat that came during the run has another call id and wants a run of its own.
  const bool repeated = entry.call_id != result.call_id;
  entry.due = repeated ? turn.now : turn.now + key.interval;
  if (!repeated && (changed || entry.report)) {
    entry.report = false;
    result.last_rc_change = entry.last_change;
    turn.out.effects.emplace_back(std::move(result));
  }
}

void Core::learn(Resource& resource, const OperationResult& result, Turn& turn) {
  const auto& op = result.operation;
  const bool had = resource.active.has_value();
  const bool nothing_there = result.status == OpStatus::not_installed || result.rc == ocf_not_installed;
  if (op.task == "stop" || op.task == "migrate_to") {
    if (result.status == OpStatus::done && result.rc == ocf_ok) resource.active.reset();
  } else if (op.task == "monitor" || op.task == "status") {
    if (result.status == OpStatus::done && result.rc == ocf_not_running) {
      resource.active.reset();
    } else if (means_running(result.rc) || result.rc == ocf_error || result.rc == ocf_failed_promoted) {
      // A monitor that cannot tell leaves the doubt: it may run, so an emergency stop must not pass it by.
      // What it was started with stays known: a stop needs it.
      if (!nothing_there && result.status != OpStatus::cancelled && !had) resource.active = op;
    }
  } else if (op.task == "start" || op.task == "migrate_from") {
    if (!nothing_there) resource.active = op;  // also when it failed: half of it may be there
  } else if (op.task == "reload" || op.task == "reload-agent") {
    if (means_running(result.rc)) resource.active = op;
  }
  if (had != resource.active.has_value()) turn.out.actives_changed = true;
}

void Core::answer(const Job& job, int rc, OpStatus status, std::string reason, Turn& turn) {
  OperationResult result;
  result.operation = job.operation;
  result.call_id = job.call_id;
  result.rc = rc;
  result.status = status;
  result.exit_reason = std::move(reason);
  result.last_run = result.last_rc_change = turn.wall;
  turn.out.effects.emplace_back(std::move(result));
}

}  // namespace relevo::executor
