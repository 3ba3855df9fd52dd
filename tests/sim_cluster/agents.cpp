// Queues, results and leases of the simulated agents.
#include "tests/sim_cluster/agents.hpp"

#include <algorithm>

namespace relevo::sim {
namespace {

using executor::OperationResult;
using executor::OpStatus;

OperationResult result_of(const executor::Operation& operation, int call_id, int rc, WallTime wall) {
  OperationResult result;
  result.operation = operation;
  result.call_id = call_id;
  result.rc = rc;
  result.status = rc == operation.expected_rc ? OpStatus::done : OpStatus::error;
  if (operation.task == "monitor" && (rc == 0 || rc == 7)) result.status = OpStatus::done;
  result.last_run = result.last_rc_change = wall;
  return result;
}

}  // namespace

void Agents::execute(const executor::Operation& operation, Instant now) {
  if (operation.interval.count() > 0) {
    watches_[{operation.resource, operation.interval.count()}] = {operation, ++last_call_,
                                                                  now + std::chrono::milliseconds(2), std::nullopt};
    return;
  }
  if (operation.task == "stop") std::erase_if(watches_, [&](auto& w) { return w.first.first == operation.resource; });
  auto& queue = queues_[operation.resource];
  queue.push_back({operation, ++last_call_, std::nullopt, false, false});
  if (queue.size() == 1) begin(queue.front(), now);
}

void Agents::cancel(const std::string& resource, const std::string&, std::chrono::milliseconds interval) {
  watches_.erase({resource, interval.count()});
}

void Agents::begin(Job& job, Instant now) {
  auto takes = std::chrono::milliseconds(rng_.between(1, 20));
  if (!job.emergency && rng_.chance(temper_.slow, 100)) takes = std::chrono::milliseconds(rng_.between(200, 3000));
  job.ends = now + takes;
}

void Agents::stop_everything(Instant now) {
  watches_.clear();
  for (const auto& [resource, running] : running_) queues_.try_emplace(resource);
  for (auto& [resource, queue] : queues_) stop_now(resource, queue, now);
}

/// As the real executor: what waits is dropped with an answer, what runs is killed, and a stop follows where needed.
void Agents::stop_now(const std::string& resource, std::deque<Job>& queue, Instant now) {
  std::optional<executor::Operation> may_run;
  if (const auto found = running_.find(resource); found != running_.end()) may_run = found->second.operation;
  while (queue.size() > 1) {
    auto result = result_of(queue.back().operation, queue.back().call_id, 1, {});
    result.status = OpStatus::cancelled;
    dropped_.push_back(std::move(result));
    queue.pop_back();
  }
  if (!queue.empty()) {
    auto& job = queue.front();
    if (job.operation.task == "stop") {
      job.emergency = true;
      return;
    }
    job.killed = true;
    job.ends = now;
    if (job.operation.task == "start") may_run = job.operation;
  }
  if (!may_run) return;
  auto stop = *may_run;
  stop.task = "stop";
  stop.interval = std::chrono::milliseconds(0);
  stop.expected_rc = 0;
  stop.transition_key.clear();
  queue.push_back({stop, ++last_call_, std::nullopt, false, true});
  if (queue.size() == 1) begin(queue.front(), now);
}

OperationResult Agents::finish(const Job& job, Instant now, WallTime wall) {
  const auto& op = job.operation;
  int rc = 0;
  if (op.task == "start") {
    const bool works = job.killed ? rng_.chance(1, 2) : !rng_.chance(temper_.start_fails, 100);
    if (works) running_[op.resource] = {now + lease, op};
    rc = works && !job.killed ? 0 : 1;
  } else if (op.task == "stop") {
    const bool works = job.emergency || !rng_.chance(temper_.stop_fails, 100);
    if (works) running_.erase(op.resource);
    rc = works ? 0 : 1;
  } else if (op.task == "monitor") {
    rc = job.killed ? 1 : watch_rc(op.resource);
  }
  auto result = result_of(op, job.call_id, rc, wall);
  if (job.killed) result.status = OpStatus::cancelled;
  return result;
}

std::vector<OperationResult> Agents::advance(Instant now, WallTime wall) {
  expire(now);
  auto results = std::exchange(dropped_, {});
  for (auto& [resource, queue] : queues_) {
    while (!queue.empty() && queue.front().ends && *queue.front().ends <= now) {
      const auto job = queue.front();
      queue.pop_front();
      results.push_back(finish(job, now, wall));
      if (!queue.empty()) begin(queue.front(), now);
    }
  }
  for (auto& [key, watch] : watches_) {
    if (watch.due > now) continue;
    watch.due = now + watch.operation.interval;
    const int rc = watch_rc(key.first);
    if (watch.last_rc == rc) continue;
    watch.last_rc = rc;
    results.push_back(result_of(watch.operation, watch.call_id, rc, wall));
  }
  return results;
}

std::optional<Instant> Agents::next() const {
  std::optional<Instant> next;
  const auto earlier = [&next](Instant t) { next = next ? std::min(*next, t) : t; };
  if (!dropped_.empty()) earlier(Instant{});
  for (const auto& [resource, queue] : queues_)
    if (!queue.empty() && queue.front().ends) earlier(*queue.front().ends);
  for (const auto& [key, watch] : watches_) earlier(watch.due);
  return next;
}

void Agents::process_died(Instant now) {
  for (auto& [resource, queue] : queues_) {
    if (queue.empty()) continue;
    queue.front().killed = true;
    (void)finish(queue.front(), now, {});
  }
  queues_.clear();
  watches_.clear();
  dropped_.clear();
}

void Agents::host_died() {
  queues_.clear();
  watches_.clear();
  running_.clear();
}

void Agents::renew(Instant now) {
  expire(now);
  for (auto& [resource, running] : running_) running.lease_ends = now + lease;
}

void Agents::expire(Instant now) {
  std::erase_if(running_, [&](const auto& r) { return r.second.lease_ends <= now; });
}

}  // namespace relevo::sim
