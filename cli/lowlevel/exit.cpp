// Errors as exit codes; see exit.hpp.
#include "cli/lowlevel/exit.hpp"

namespace relevo::cli::lowlevel {

int exit_code_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid: return exit_config;
    case ErrorKind::not_found: return exit_no_such_object;
    case ErrorKind::exists: return exit_exists;
    case ErrorKind::not_connected: return exit_disconnected;
    case ErrorKind::no_quorum: return exit_no_quorum;
    case ErrorKind::permission: return exit_permission;
    case ErrorKind::timeout: return exit_timeout;
    case ErrorKind::unsupported: return exit_unimplemented;
    case ErrorKind::try_again: return exit_try_again;
    case ErrorKind::failed: return exit_error;
  }
  return exit_error;
}

int report(const char* program, const Error& error) {
  fmt::print(stderr, "{}: {}\n", program, error.message);
  return exit_code_of(error);
}

}  // namespace relevo::cli::lowlevel
