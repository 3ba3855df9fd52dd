// An operation on a resource and its result, as they travel between controller and executor.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::executor {

/// What to run. Source: resmgr spec 2(f) and 4.
struct Operation {
  std::string resource;
  std::string klass, provider, type;
  std::string task;                       ///< start, stop, monitor, cancel, meta-data, validate-all, ...
  std::chrono::milliseconds interval{0};  ///< nonzero: recurring; identity (resource, task, interval)
  std::chrono::milliseconds timeout{20000};
  std::chrono::milliseconds start_delay{0};
  std::map<std::string, std::string> parameters;
  std::map<std::string, std::string> meta;  ///< CRM_meta_* without the prefix
  int expected_rc = 0;
  std::string transition_key;  ///< `action:transition:expected-rc:DC-uuid`, copied into the result
};

/// Source: resmgr spec 2(f), "op-status".
enum class OpStatus : int {
  pending = -1, done = 0, cancelled = 1, timeout = 2, not_supported = 3, error = 4, error_hard = 5, error_fatal = 6,
  not_installed = 7, not_connected = 8, invalid = 9, no_fence_device = 10, no_secrets = 11,
};

struct OperationResult {
  Operation operation;
  int call_id = 0;
  int rc = 193;
  OpStatus status = OpStatus::pending;
  std::string exit_reason;
  std::chrono::milliseconds exec_time{0}, queue_time{0};
  WallTime last_rc_change, last_run;
  bool first = true;  ///< recurring: first result or changed (only those are reported)
};

[[nodiscard]] Bytes encode(const Operation& operation);
Result<Operation> decode_operation(BytesView bytes);
[[nodiscard]] Bytes encode(const OperationResult& result);
Result<OperationResult> decode_result(BytesView bytes);

}  // namespace relevo::executor
