// What the end of an agent's run means: exit code, status and reason. Not what anyone does about it.
#pragma once

#include <string>
#include <string_view>

#include "resmgr/executor/core.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::executor {

// OCF exit codes. Source: OCF resource agent API 1.1; resmgr spec 4.
constexpr int ocf_ok = 0, ocf_error = 1, ocf_unimplemented = 3, ocf_no_permission = 4, ocf_not_installed = 5,
              ocf_not_running = 7, ocf_promoted = 8, ocf_failed_promoted = 9, ocf_degraded = 190,
              ocf_degraded_promoted = 191, ocf_unknown = 193;

/// The line an agent begins with this explains its failure.
constexpr std::string_view exit_reason_prefix = "ocf-exit-reason:";

struct Outcome {
  int rc = ocf_unknown;
  OpStatus status = OpStatus::error;
  std::string reason;
};

/// Classifies the end of a run of `operation`.
[[nodiscard]] Outcome outcome_of(const ChildDone& done, const Operation& operation);
/// 0, 8, 190, 191: the resource runs.
[[nodiscard]] bool means_running(int rc);
/// The first `ocf-exit-reason:` line of an agent's standard error, made fit for a document: no control characters,
/// valid UTF-8, bounded.
[[nodiscard]] std::string exit_reason_in(std::string_view text);

}  // namespace relevo::executor
