// Exit codes of Pacemaker's programs. Not those of our own verbs (cli/support/exit_codes.hpp).
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace relevo::cli::lowlevel {

/// Source: resmgr spec 1.9, "Exit codes".
enum Exit : int {
  exit_ok = 0,
  exit_error = 1,
  exit_unimplemented = 3,
  exit_permission = 4,
  exit_usage = 64,
  exit_data = 65,
  exit_no_input = 66,
  exit_io = 74,
  exit_try_again = 75,
  exit_config = 78,
  exit_disconnected = 102,
  exit_no_such_object = 105,
  exit_no_quorum = 106,
  exit_exists = 108,
  exit_timeout = 124,
};

[[nodiscard]] int exit_code_of(const Error& error);

/// `PROGRAM: MESSAGE` on standard error; gives the exit code.
int report(const char* program, const Error& error);

}  // namespace relevo::cli::lowlevel
