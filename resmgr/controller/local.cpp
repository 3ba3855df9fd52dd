// Bookkeeping of the local executor's operations. Nothing is removed from the actives without proof that it is down.
#include "resmgr/controller/local.hpp"

#include "resmgr/controller/history.hpp"

namespace relevo::controller {
namespace {

constexpr int rc_ok = 0;
constexpr int rc_not_running = 7;

bool is_recurring(const executor::Operation& operation) { return operation.interval.count() > 0; }

bool shows_activity(const executor::OperationResult& result) {
  if (result.operation.task != "monitor") return false;
  return result.rc == rc_ok || (result.rc >= 8 && result.rc <= 9) || (result.rc >= 190 && result.rc <= 191);
}

}  // namespace

void LocalHistory::began(const executor::Operation& operation, WallTime at) {
  if (!is_recurring(operation)) ++in_flight_[{operation.resource, operation_name(operation.task, operation.interval)}];
  write(pending(operation, at));
  const auto& task = operation.task;
  if (task == "start" || task == "promote" || task == "migrate_from") assume_active(operation);
}

void LocalHistory::ended(const executor::OperationResult& result) {
  const auto& op = result.operation;
  if (!is_recurring(op)) {
    const auto found = in_flight_.find({op.resource, operation_name(op.task, op.interval)});
    if (found != in_flight_.end() && --found->second == 0) in_flight_.erase(found);
  }
  if (result.status == executor::OpStatus::cancelled) return cancelled(op.resource, op.task, op.interval);
  write(result);
  learn(result);
}

void LocalHistory::cancelled(const std::string& resource, const std::string& task, std::chrono::milliseconds interval) {
  const auto found = entries_.find(resource);
  if (found == entries_.end()) return;
  auto& entries = found->second;
  if (interval.count() > 0) {
    entries.erase(resource + "_" + operation_name(task, interval));
    return;
  }
  const auto last = entries.find(resource + "_last_0");
  const bool same = last != entries.end() && last->second.operation.task == task;
  if (same && last->second.status == executor::OpStatus::pending) entries.erase(last);
}

void LocalHistory::forget(const std::string& resource) { entries_.erase(resource); }

void LocalHistory::forget_failure(const std::string& resource) {
  const auto found = entries_.find(resource);
  if (found != entries_.end()) found->second.erase(resource + "_last_failure_0");
}

void LocalHistory::assume_active(const executor::Operation& operation) {
  if (actives_.insert_or_assign(operation.resource, operation).second) changed_ = true;
}

void LocalHistory::write(const executor::OperationResult& result) {
  const auto& op = result.operation;
  if (!is_recorded(op.task)) return;
  auto& entries = entries_[op.resource];
  if (op.task == "stop") {
    std::erase_if(entries, [](const auto& entry) {
      return is_recurring(entry.second.operation) && !entry.first.ends_with("_last_failure_0");
    });
  }
  const auto own = entries.find(op.resource + "_" + operation_name(op.task, op.interval));
  const bool was_pending = own != entries.end() && own->second.status == executor::OpStatus::pending;
  if (is_failure(result) && was_pending) entries.erase(own);
  for (const auto& id : entry_ids(result)) {
    const auto there = entries.find(id);
    const bool pending_there = there != entries.end() && there->second.status == executor::OpStatus::pending;
    if (pending_there && hides(there->second.operation.task, true, result)) continue;
    entries.insert_or_assign(id, result);
  }
}

void LocalHistory::learn(const executor::OperationResult& result) {
  const auto& op = result.operation;
  const bool stopped = op.task == "stop" && result.rc == rc_ok && result.status == executor::OpStatus::done;
  const bool seen_down = op.task == "monitor" && result.rc == rc_not_running;
  if (shows_activity(result)) {
    assume_active(op);
  } else if ((stopped || seen_down) && !is_starting(op.resource)) {
    changed_ = actives_.erase(op.resource) > 0 || changed_;
  }
}

bool LocalHistory::is_starting(const std::string& resource) const {
  const auto is_in_flight = [&](const char* operation) { return in_flight_.contains({resource, operation}); };
  return is_in_flight("start_0") || is_in_flight("promote_0") || is_in_flight("migrate_from_0");
}

std::vector<executor::OperationResult> LocalHistory::entries() const {
  // Failures first: record() lets a failed one-shot operation write the resource's last entry too.
  std::vector<executor::OperationResult> all;
  for (const auto& [resource, entries] : entries_) {
    const auto failure = entries.find(resource + "_last_failure_0");
    if (failure != entries.end()) all.push_back(failure->second);
    for (const auto& [id, result] : entries)
      if (!id.ends_with("_last_failure_0")) all.push_back(result);
  }
  return all;
}

std::vector<executor::Operation> LocalHistory::actives() const {
  std::vector<executor::Operation> all;
  for (const auto& [resource, operation] : actives_) all.push_back(operation);
  return all;
}

}  // namespace relevo::controller
