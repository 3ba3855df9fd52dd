// What cannot wait for its turn: stopping everything at once, and states seen from outside.
#include <algorithm>

#include "resmgr/executor/core.hpp"
#include "resmgr/executor/outcome.hpp"

namespace relevo::executor {

void Core::on(const StopAll&, Turn& turn) {
  for (auto& [name, resource] : resources_) {
    cancel_all_recurring(resource, turn);
    drop_queue(resource, turn);
    std::optional<Operation> may_run = resource.active;
    if (resource.run && resource.run->job.operation.task != "stop") {
      // Whatever it was doing, a stop is what must happen now; the stop copes with a half-made start.
      resource.run->killed = true;
      turn.out.effects.emplace_back(Kill{resource.run->token});
      const auto& task = resource.run->job.operation.task;
      if (task == "start" || task == "promote" || task == "migrate_from") may_run = resource.run->job.operation;
    }
    if (may_run && !has_stop(resource)) queue_emergency_stop(*may_run, resource, turn);
  }
}

void Core::drop_queue(Resource& resource, Turn& turn) {
  std::deque<Job> kept;
  for (auto& job : resource.queue) {
    if (job.operation.task == "stop") {
      job.ready_at = std::min(job.ready_at, turn.now);
      kept.push_back(std::move(job));
    } else if (!job.recurring) {
      answer(job, ocf_unknown, OpStatus::cancelled, "dropped: everything on this node is being stopped", turn);
    }
  }
  resource.queue = std::move(kept);
}

void Core::queue_emergency_stop(const Operation& like, Resource& resource, Turn& turn) {
  Operation stop;
  stop.resource = like.resource;
  stop.klass = like.klass;
  stop.provider = like.provider;
  stop.type = like.type;
  stop.task = "stop";
  stop.parameters = like.parameters;
  resource.queue.push_back(Job{std::move(stop), ++call_id_, {}, turn.now});
}

void Core::on(const Observe& in, Turn& turn) {
  const auto it = resources_.find(in.resource);
  if (it == resources_.end() || !it->second.active || has_stop(it->second)) return;
  auto& resource = it->second;
  OperationResult result;
  result.rc = in.rc;
  result.status = OpStatus::done;
  result.exit_reason = in.reason;
  result.last_run = result.last_rc_change = turn.wall;
  for (auto& [key, entry] : resource.recurring) {
    if (key.task != "monitor" || entry.cancelled) continue;
    result.operation = entry.operation;
    result.call_id = entry.call_id;
    entry.last_rc = in.rc;
    entry.last_status = OpStatus::done;
    entry.last_change = turn.wall;
    break;
  }
  if (result.operation.task.empty()) {
    result.operation = *resource.active;
    result.operation.task = "monitor";
    result.operation.interval = milliseconds(0);
    result.operation.transition_key.clear();
    result.call_id = ++call_id_;
  }
  learn(resource, result, turn);
  turn.out.effects.emplace_back(std::move(result));
}

}  // namespace relevo::executor
