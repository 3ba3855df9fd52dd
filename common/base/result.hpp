// Result and Error: how expected failures travel. Not for broken invariants (assert.hpp).
#pragma once

#include <fmt/core.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace relevo {

/// What kind of failure it is, for callers that must choose (exit codes are chosen only in cli/).
enum class ErrorKind {
  failed,         ///< anything without a better word
  invalid,        ///< the input is wrong; the same call fails again
  not_found,      ///< the named object does not exist
  exists,         ///< the named object exists already
  not_connected,  ///< the daemon or peer does not answer: nothing was done
  no_quorum,      ///< refused because the partition has no quorum: nothing was done
  permission,     ///< the caller lacks a right
  timeout,        ///< no answer in time: may have been applied
  unsupported,    ///< known, but this version cannot do it
  try_again,      ///< busy or in a membership change: nothing was done
};

/// An expected failure: one sentence for a person, naming the file, line, element or argument.
struct Error {
  std::string message;
  ErrorKind kind = ErrorKind::failed;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// Makes a failed Result: `return fail("line {}: unknown key '{}'", line, key);`
template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...), ErrorKind::failed});
}

/// The same with a kind.
template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...), kind});
}

/// Passes an error up with a word of context in front: `loading cluster.conf: line 7: ...`.
[[nodiscard]] inline tl::unexpected<Error> in_context(Error error, std::string_view what) {
  error.message = fmt::format("{}: {}", what, error.message);
  return tl::unexpected<Error>(std::move(error));
}

/// Passes an error up unchanged.
[[nodiscard]] inline tl::unexpected<Error> pass(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace relevo
