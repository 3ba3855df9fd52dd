// How a low-level program begins: options read, usage and version shown, the daemon found, complaints with its name.
// What it then does stands in its own file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/ask/ask.hpp"
#include "cli/lowlevel/arguments.hpp"

namespace relevo::cli::lowlevel {

/// The one code of Corosync's programs for whatever goes wrong. Pacemaker's have more: exit.hpp.
constexpr int corosync_failed = 1;

/// What a program is called and what it takes.
struct CommandLine {
  const char* program;
  const char* usage;
  const std::vector<Option>& (*options)();
  int wrong_words = corosync_failed;  ///< exit code for options that do not exist
  const char* no_daemon = "";         ///< the first line when nobody answers, as the users of the original know it

  /// Parses, then shows the usage (option "help") or the version ("version"). A number is the exit code of a program that
  /// ends with that.
  [[nodiscard]] std::optional<int> begin(const std::vector<std::string>& args, Arguments& arguments) const;

  /// The steps of begin() for a program that has others between them.
  [[nodiscard]] std::optional<int> parse(const std::vector<std::string>& args, Arguments& arguments) const;
  [[nodiscard]] int show_usage() const;
  [[nodiscard]] int show_version() const;

  /// For a program that takes options only: complains of the first word.
  [[nodiscard]] std::optional<int> refuse_words(const Arguments& arguments) const;
  /// `PROGRAM: WHAT` on standard error. Gives the code of Corosync's programs.
  [[nodiscard]] int complain(const std::string& what) const;
  /// The daemon of --root. Null when there is none; that was said then, first in the words of `no_daemon`.
  [[nodiscard]] std::unique_ptr<RingDaemon> connect(const Arguments& arguments, Duration limit = std::chrono::seconds(10)) const;
};

}  // namespace relevo::cli::lowlevel
