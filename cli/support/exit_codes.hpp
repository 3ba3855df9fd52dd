// The exit codes of our own verbs. The programs with another name (crm_mon, cibadmin ...) keep the codes of theirs.
#pragma once

#include "common/base/result.hpp"

namespace relevo::cli {

constexpr int exit_ok = 0;
constexpr int exit_failed = 1;         ///< the request failed; the message says what is known
constexpr int exit_usage = 2;          ///< the words of the command are wrong
constexpr int exit_not_available = 3;  ///< the command is known and this version does not have it
constexpr int exit_not_running = 4;    ///< the cluster is not running on this node
constexpr int exit_timeout = 5;        ///< no answer in time: it may still have been done

/// The code for an error that reaches main.
[[nodiscard]] constexpr int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_connected:
      return exit_not_running;
    case ErrorKind::timeout:
      return exit_timeout;
    case ErrorKind::unsupported:
      return exit_not_available;
    default:
      return exit_failed;
  }
}

}  // namespace relevo::cli
