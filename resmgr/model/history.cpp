// The words for exit codes and execution statuses that displays print.
#include "resmgr/model/history.hpp"

#include <fmt/core.h>

namespace relevo::model {

std::string ocf_text(int rc) {
  switch (rc) {
    case ocf::ok:
      return "ok";
    case ocf::error:
      return "error";
    case ocf::invalid_parameter:
      return "invalid parameter";
    case ocf::unimplemented:
      return "unimplemented feature";
    case ocf::permission:
      return "insufficient privileges";
    case ocf::not_installed:
      return "not installed";
    case ocf::not_configured:
      return "not configured";
    case ocf::not_running:
      return "not running";
    case ocf::running_promoted:
      return "promoted";
    case ocf::failed_promoted:
      return "promoted (failed)";
    case ocf::degraded:
      return "degraded";
    case ocf::degraded_promoted:
      return "promoted (degraded)";
    case ocf::unknown:
      return "unknown";
    default:
      return fmt::format("unknown exit status {}", rc);
  }
}

std::string status_text(ExecStatus status) {
  switch (status) {
    case ExecStatus::pending:
      return "pending";
    case ExecStatus::done:
      return "complete";
    case ExecStatus::cancelled:
      return "Cancelled";
    case ExecStatus::timeout:
      return "Timed Out";
    case ExecStatus::not_supported:
      return "NOT SUPPORTED";
    case ExecStatus::error:
      return "Error";
    case ExecStatus::error_hard:
      return "Hard error";
    case ExecStatus::error_fatal:
      return "Fatal error";
    case ExecStatus::not_installed:
      return "Not installed";
    case ExecStatus::not_connected:
      return "Internal communication failure";
    case ExecStatus::invalid:
      return "Cannot execute now";
    case ExecStatus::no_fence_device:
      return "No fence device";
    case ExecStatus::no_secrets:
      return "CIB secrets unavailable";
  }
  return "unknown";
}

}  // namespace relevo::model
