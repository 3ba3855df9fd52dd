// One recorded result of an operation (lrm_rsc_op), decoded. Not its meaning for the resource: cib::unpack() finds
// that.
#pragma once

#include <chrono>
#include <string>

#include "common/base/time.hpp"

namespace relevo::model {

/// OCF exit codes that the scheduler knows. Source: resmgr spec 4; OCF Resource Agent API 1.1.
namespace ocf {
constexpr int ok = 0, error = 1, invalid_parameter = 2, unimplemented = 3, permission = 4, not_installed = 5,
              not_configured = 6, not_running = 7, running_promoted = 8, failed_promoted = 9, degraded = 190,
              degraded_promoted = 191, unknown = 193;
}  // namespace ocf

/// The executor's verdict. Source: resmgr spec 2(f), "op-status".
enum class ExecStatus : int {
  pending = -1,
  done = 0,
  cancelled = 1,
  timeout = 2,
  not_supported = 3,
  error = 4,
  error_hard = 5,
  error_fatal = 6,
  not_installed = 7,
  not_connected = 8,
  invalid = 9,
  no_fence_device = 10,
  no_secrets = 11,
};

struct HistoryEntry {
  std::string id;   ///< `R_last_0`, `R_last_failure_0`, `R_monitor_10000`
  std::string key;  ///< operation_key, `R_monitor_10000`
  std::string task;
  std::chrono::milliseconds interval{0};
  int call_id = 0;
  int rc = ocf::unknown;                  ///< as recorded
  int expected_rc = -1;                   ///< from transition-key; -1 = none
  ExecStatus status = ExecStatus::done;   ///< as recorded
  ExecStatus meaning = ExecStatus::done;  ///< after interpretation against the expected code
  std::string transition_key, transition_magic, exit_reason;
  WallTime last_rc_change, last_run;
  std::chrono::milliseconds exec_time{0}, queue_time{0};
  std::string op_digest, restart_digest, force_restart;
  bool expired = false;  ///< a failure older than failure-timeout
  [[nodiscard]] bool is_probe() const { return task == "monitor" && interval.count() == 0; }
  [[nodiscard]] bool is_pending() const { return status == ExecStatus::pending; }
  [[nodiscard]] bool is_failure() const { return !is_pending() && meaning != ExecStatus::done; }
};

/// `not running`, `unknown error`... as crm_mon prints exit codes. Source: resmgr spec 3.1.
[[nodiscard]] std::string ocf_text(int rc);
/// `complete`, `Timed Out`, `error`, ...
[[nodiscard]] std::string status_text(ExecStatus status);

}  // namespace relevo::model
