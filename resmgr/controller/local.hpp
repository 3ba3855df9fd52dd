// What this node's own executor did, as far as this process knows: the truth it brings when it joins.
// The cluster's copy of it is in the CIB's status.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "resmgr/executor/operation.hpp"

namespace relevo::controller {

/// Memory of the local executor: history entries, operations in flight, resources that are or may be active.
class LocalHistory {
 public:
  /// An operation was handed to the executor.
  void began(const executor::Operation& operation, WallTime at);
  /// Its result came back.
  void ended(const executor::OperationResult& result);
  void cancelled(const std::string& resource, const std::string& task, std::chrono::milliseconds interval);
  /// A cleanup: entries go, what may be active stays known.
  void forget(const std::string& resource);
  /// Only the entry of its last failure goes.
  void forget_failure(const std::string& resource);
  /// An earlier run of the process had this resource perhaps running.
  void assume_active(const executor::Operation& operation);

  /// For the Hello: sorted by resource and entry.
  [[nodiscard]] std::vector<executor::OperationResult> entries() const;
  /// Resources that are or may be active: the operation that said so.
  [[nodiscard]] std::vector<executor::Operation> actives() const;
  [[nodiscard]] bool is_quiet() const { return in_flight_.empty(); }
  [[nodiscard]] bool has_actives() const { return !actives_.empty(); }
  /// actives() changed since the last call.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }

 private:
  void write(const executor::OperationResult& result);
  void learn(const executor::OperationResult& result);
  [[nodiscard]] bool is_starting(const std::string& resource) const;

  using Key = std::pair<std::string, std::string>;  // resource, operation_name
  std::map<std::string, std::map<std::string, executor::OperationResult>> entries_;
  std::map<Key, int> in_flight_;  ///< one-shot operations only
  std::map<std::string, executor::Operation> actives_;
  bool changed_ = false;
};

}  // namespace relevo::controller
