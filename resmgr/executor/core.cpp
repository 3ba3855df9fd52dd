// The executor's core: what comes in, and the queues. What ends of runs mean is in finish.cpp, hurry in urgent.cpp.
#include "resmgr/executor/core.hpp"

#include <algorithm>
#include <utility>

#include "resmgr/executor/environment.hpp"
#include "resmgr/executor/outcome.hpp"

namespace relevo::executor {
namespace {

/// A cancel names its target by meta["operation"] and its interval by meta["interval"] or its own.
std::pair<std::string, milliseconds> cancel_target(const Operation& op) {
  const auto it = op.meta.find("operation");
  return {it == op.meta.end() ? "monitor" : it->second, op.interval};
}

/// Not an agent's work but the cluster's own.
bool is_connection(const Operation& op) { return op.klass == "ocf" && op.provider == "pacemaker" && op.type == "remote"; }

bool is_supported(const Operation& op) { return op.klass == "ocf" && !is_connection(op); }

std::string unsupported_text(const Operation& op) {
  return is_connection(op) ? "connections to remote nodes are not supported yet"
                           : fmt::format("resources of class '{}' are not supported yet", op.klass);
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Output Core::step(const Input& input, Instant now, WallTime wall) {
  Output out;
  Turn turn{now, wall, out};
  std::visit([&](const auto& in) { on(in, turn); }, input);
  pump(turn);
  return out;
}

std::optional<Instant> Core::next_deadline() const {
  std::optional<Instant> next;
  for (const auto& [name, resource] : resources_) {
    for (const auto& [key, recurring] : resource.recurring) next = earlier(next, recurring.due);
    if (resource.run) continue;  // the queue moves when the run ends
    for (const auto& job : resource.queue) next = earlier(next, job.ready_at);
  }
  return next;
}

std::vector<Operation> Core::actives() const {
  std::vector<Operation> list;
  for (const auto& [name, resource] : resources_) {
    if (resource.active) list.push_back(*resource.active);
  }
  return list;
}

std::vector<Operation> Core::recurring() const {
  std::vector<Operation> list;
  for (const auto& [name, resource] : resources_) {
    for (const auto& [key, recurring] : resource.recurring) {
      if (!recurring.cancelled) list.push_back(recurring.operation);
    }
  }
  return list;
}

std::size_t Core::busy() const {
  std::size_t n = 0;
  for (const auto& [name, resource] : resources_) n += resource.queue.size() + (resource.run ? 1 : 0);
  return n;
}

bool Core::has_stop(const Resource& resource) {
  const auto is_stop = [](const Job& job) { return job.operation.task == "stop"; };
  return (resource.run && is_stop(resource.run->job)) ||
         std::any_of(resource.queue.begin(), resource.queue.end(), is_stop);
}

bool Core::stopping() const {
  return std::any_of(resources_.begin(), resources_.end(), [](const auto& entry) { return has_stop(entry.second); });
}

void Core::on(const Execute& in, Turn& turn) {
  Job job{in.operation, ++call_id_, {}, turn.now + in.operation.start_delay};
  auto& resource = resources_[in.operation.resource];
  if (in.operation.task == "cancel") return execute_cancel(resource, std::move(job), turn);
  if (!is_supported(in.operation)) return refuse(job, turn);
  if (in.operation.interval.count() > 0) return add_recurring(resource, std::move(job), turn);
  // A monitor that ran beside or after the stop would report the stopped resource as failed.
  if (in.operation.task == "stop") cancel_all_recurring(resource, turn);
  resource.queue.push_back(std::move(job));
}

/// A connection or a fence device that nobody can start is surely not active: only what would make it so fails.
void Core::refuse(const Job& job, Turn& turn) {
  const auto& op = job.operation;
  if (is_connection(op) || op.klass == "stonith") {
    if (op.task == "stop") return answer(job, ocf_ok, OpStatus::done, {}, turn);
    if (op.task == "monitor" && op.interval.count() == 0)
      return answer(job, ocf_not_running, OpStatus::done, {}, turn);
  }
  answer(job, ocf_unimplemented, OpStatus::not_supported, unsupported_text(op), turn);
}

void Core::on(const Cancel& in, Turn& turn) {
  const auto it = resources_.find(in.resource);
  if (it != resources_.end()) end_recurring(it->second, Key{in.task, in.interval}, {}, turn);
}

void Core::on(const Restore& in, Turn& turn) {
  for (const auto& op : in.actives) resources_[op.resource].active = op;
  for (const auto& op : in.recurring) {
    if (op.interval.count() <= 0 || !is_supported(op)) continue;
    add_recurring(resources_[op.resource], Job{op, ++call_id_, {}, turn.now}, turn);
  }
  turn.out.actives_changed = true;
}

void Core::execute_cancel(Resource& resource, Job job, Turn& turn) {
  const auto [task, interval] = cancel_target(job.operation);
  if (interval.count() > 0) return end_recurring(resource, Key{task, interval}, std::move(job), turn);
  // A one-shot operation can be cancelled only while it waits.
  const auto waits = std::find_if(resource.queue.begin(), resource.queue.end(), [&](const Job& queued) {
    return !queued.recurring && queued.operation.task == task;
  });
  if (waits != resource.queue.end()) {
    const auto dropped = std::move(*waits);
    resource.queue.erase(waits);
    answer(dropped, ocf_unknown, OpStatus::cancelled, {}, turn);
  }
  answer(job, ocf_ok, OpStatus::done, {}, turn);
}

void Core::add_recurring(Resource& resource, Job job, Turn& turn) {
  const Key key{job.operation.task, job.operation.interval};
  auto& entry = resource.recurring[key];
  const bool waits = entry.due.has_value() || entry.call_id == 0;  // else it is queued or running already
  entry.operation = job.operation;
  entry.call_id = job.call_id;
  entry.report = true;
  entry.cancelled = false;
  for (const auto& cancel : std::exchange(entry.waiting_cancels, {})) answer(cancel, ocf_ok, OpStatus::done, {}, turn);
  if (waits) entry.due = job.ready_at;
  turn.out.actives_changed = true;
}

void Core::end_recurring(Resource& resource, const Key& key, std::optional<Job> waiting, Turn& turn) {
  const auto it = resource.recurring.find(key);
  if (it != resource.recurring.end()) {
    turn.out.actives_changed = true;
    if (resource.run && resource.run->job.recurring == key) {
      it->second.cancelled = true;
      if (waiting) it->second.waiting_cancels.push_back(std::move(*waiting));
      return;
    }
    std::erase_if(resource.queue, [&](const Job& job) { return job.recurring == key; });
    resource.recurring.erase(it);
  }
  if (waiting) answer(*waiting, ocf_ok, OpStatus::done, {}, turn);
}

void Core::cancel_all_recurring(Resource& resource, Turn& turn) {
  std::vector<Key> keys;
  for (const auto& [key, entry] : resource.recurring) keys.push_back(key);
  for (const auto& key : keys) end_recurring(resource, key, {}, turn);
}

void Core::pump(Turn& turn) {
  for (auto it = resources_.begin(); it != resources_.end();) {
    auto& resource = it->second;
    pump(resource, turn);
    const bool idle = !resource.run && resource.queue.empty() && resource.recurring.empty() && !resource.active;
    it = idle ? resources_.erase(it) : std::next(it);
  }
}

void Core::pump(Resource& resource, Turn& turn) {
  for (auto& [key, entry] : resource.recurring) {
    if (!entry.due || *entry.due > turn.now) continue;
    resource.queue.push_back(Job{entry.operation, entry.call_id, key, *entry.due});
    entry.due.reset();
  }
  if (resource.run) return;
  const auto ready = std::find_if(resource.queue.begin(), resource.queue.end(),
                                  [&](const Job& job) { return job.ready_at <= turn.now; });
  if (ready == resource.queue.end()) return;
  auto job = std::move(*ready);
  resource.queue.erase(ready);
  start(resource, std::move(job), turn);
}

void Core::start(Resource& resource, Job job, Turn& turn) {
  if (job.recurring) {  // it may have been merged with a repeat while it was queued
    const auto& entry = resource.recurring.at(*job.recurring);
    job.operation = entry.operation;
    job.call_id = entry.call_id;
  }
  const RunToken token{next_token_++};
  runs_[token] = job.operation.resource;
  auto op = job.operation;
  // What was started must be stopped, not what the configuration has become since: another address, another file.
  if (op.task == "stop" && resource.active) op.parameters = resource.active->parameters;
  turn.out.effects.emplace_back(
      Spawn{token, op.klass, op.provider, op.type, op.task, agent_environment(op, options_), op.timeout});
  resource.run = Run{token, std::move(job), turn.now, turn.wall};
}

}  // namespace relevo::executor
