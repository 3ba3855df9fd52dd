// Logging of the daemons: notes to standard error, the journal and a file, and a black box for the last moments.
// The cores never log: they return notes, and a shell hands them to write().
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::log {

struct LogConfig {
  std::string name = "relevo";  ///< of the program, in front of every line
  bool to_stderr = true;
  bool to_syslog = false;
  std::string logfile;  ///< empty = none
  Level level = Level::info;
};

/// Opens the outputs; a second call replaces them. Until the first call notices and worse go to standard error.
/// Errors: the log file cannot be opened. The other outputs then work all the same.
Status init(const LogConfig& config);
/// Writes when the level asks for it. The black box takes every note, whatever the level.
void write(const Note& note);
void write(Level level, std::string_view text);
template <class... Args>
void write(Level level, fmt::format_string<Args...> format, Args&&... args) {
  write(level, std::string_view(fmt::format(format, std::forward<Args>(args)...)));
}
void write(const Notes& notes);
/// The last 512 notes, oldest first, each with its time.
[[nodiscard]] std::string black_box();

[[nodiscard]] std::string_view to_string(Level level);
/// emerg, alert, crit, error, warning, notice, info, debug, trace as corosync.conf and syslog name them.
[[nodiscard]] std::optional<Level> parse_level(std::string_view name);

/// Lets a message through once in a while for each key, and counts what it held back.
/// Unit of `every`: time. Default: 10 s. At most 256 keys are remembered: the oldest are forgotten first.
class RateLimit {
 public:
  explicit RateLimit(Duration every = std::chrono::seconds(10)) : every_(every) {}
  /// How many were held back since the last one that passed; nothing = hold this one back too.
  std::optional<std::uint64_t> pass(const std::string& key, Instant now);

 private:
  struct Entry {
    Instant last{};
    std::uint64_t held = 0;
  };
  Duration every_;
  std::map<std::string, Entry> entries_;
};

}  // namespace relevo::log
