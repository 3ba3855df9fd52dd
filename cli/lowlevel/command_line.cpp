// The beginning that the low-level programs share; see command_line.hpp.
#include "cli/lowlevel/command_line.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace relevo::cli::lowlevel {

std::optional<int> CommandLine::begin(const std::vector<std::string>& args, Arguments& arguments) const {
  if (const auto ended = parse(args, arguments)) return ended;
  if (arguments.has("help")) return show_usage();
  if (arguments.has("version")) return show_version();
  return std::nullopt;
}

std::optional<int> CommandLine::parse(const std::vector<std::string>& args, Arguments& arguments) const {
  auto parsed = Arguments::parse(args, options());
  if (!parsed) {
    (void)complain(parsed.error().message);
    return wrong_words;
  }
  arguments = std::move(*parsed);
  return std::nullopt;
}

int CommandLine::show_usage() const {
  fmt::print("{}", usage);
  return 0;
}

int CommandLine::show_version() const {
  fmt::print("{} (relevo {})\n", program, RELEVO_VERSION);
  return 0;
}

std::optional<int> CommandLine::refuse_words(const Arguments& arguments) const {
  if (arguments.words().empty()) return std::nullopt;
  return complain("no argument is expected, but '" + arguments.words()[0] + "' was given");
}

int CommandLine::complain(const std::string& what) const {
  fmt::print(stderr, "{}: {}\n", program, what);
  return corosync_failed;
}

std::unique_ptr<RingDaemon> CommandLine::connect(const Arguments& arguments, Duration limit) const {
  auto daemon = RingDaemon::connect(arguments.value("root"), limit);
  if (daemon) return std::move(*daemon);
  fmt::print(stderr, "{}\n", no_daemon);
  (void)complain(daemon.error().message);
  return nullptr;
}

}  // namespace relevo::cli::lowlevel
