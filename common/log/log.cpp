// The outputs over spdlog's sinks (the one file that includes it) and the black box.
#include "common/log/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

#include "common/base/assert.hpp"
#include "common/base/text.hpp"
#include "common/log/outlet.hpp"

namespace relevo::log {
namespace {

constexpr std::size_t black_box_size = 512;
constexpr std::size_t black_box_text = 2048;  // a longer note is cut in there

struct Entry {
  std::chrono::system_clock::time_point when{};
  Note note;
};

/// spdlog has no notice: it is an info that the journal shows as notice, and both pass at the same level.
spdlog::level::level_enum spd_level(Level level) {
  switch (level) {
    case Level::trace: return spdlog::level::trace;
    case Level::debug: return spdlog::level::debug;
    case Level::info:
    case Level::notice: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// Sinks without a mutex of their own: write() holds the one there is.
class StderrSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    outlet_.write({line.data(), line.size()});
  }
  void flush_() override {}
  StderrOutlet outlet_;
};

class SyslogSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit SyslogSink(const std::string& name) : outlet_(name) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const int severity = message.level >= spdlog::level::err    ? LOG_ERR
                         : message.level == spdlog::level::warn ? LOG_WARNING
                         : message.level == spdlog::level::info ? LOG_INFO
                                                                : LOG_DEBUG;
    outlet_.write(severity, {message.payload.data(), message.payload.size()});
  }
  void flush_() override {}
  SyslogOutlet outlet_;
};

/// The one state of the process's log. The helper thread of the loop may write too, hence the mutex.
struct State {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  Level level = Level::notice;
  std::array<Entry, black_box_size> ring;
  std::size_t next = 0;
};

State& state() {
  static State s;
  return s;
}

std::string time_text(std::chrono::system_clock::time_point when) {
  const auto seconds = std::chrono::system_clock::to_time_t(when);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count() % 1000;
  tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  const auto n = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return fmt::format("{}.{:03}", std::string_view(text, n), ms);
}

void on_assert(const std::string&) {
  const auto text = "the last notes, oldest first:\n" + black_box();
  std::string_view left = text;
  while (!left.empty()) {
    const auto n = ::write(STDERR_FILENO, left.data(), left.size());
    if (n <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

Status add_file(const LogConfig& config, std::vector<spdlog::sink_ptr>& sinks) {
  try {
    sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.logfile));
  } catch (const std::exception& e) {
    return fail("log file {}: {}", config.logfile, e.what());
  }
  return {};
}

}  // namespace

Status init(const LogConfig& config) {
  std::vector<spdlog::sink_ptr> sinks;
  if (config.to_stderr) sinks.push_back(std::make_shared<StderrSink>());
  if (config.to_syslog) sinks.push_back(std::make_shared<SyslogSink>(config.name));
  Status file;
  if (!config.logfile.empty()) file = add_file(config, sinks);
  auto logger = std::make_shared<spdlog::logger>(config.name, sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::trace);  // the level is decided before spdlog sees the note
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %n[%P] %v");
  logger->flush_on(spdlog::level::trace);
  auto& s = state();
  {
    const std::lock_guard lock(s.mutex);
    s.logger = std::move(logger);
    s.level = config.level;
  }
  set_assert_hook(on_assert);
  return file;
}

void write(Level level, std::string_view text) {
  auto& s = state();
  const std::lock_guard lock(s.mutex);
  auto& entry = s.ring[s.next++ % black_box_size];
  entry.when = std::chrono::system_clock::now();
  entry.note = Note{level, std::string(text.substr(0, black_box_text))};
  if (level < s.level) return;
  if (s.logger) {
    s.logger->log(spd_level(level), "{}: {}", to_string(level), text);
  } else {
    fmt::print(stderr, "{}: {}\n", to_string(level), text);
  }
}

void write(const Note& note) { write(note.level, std::string_view(note.text)); }

void write(const Notes& notes) {
  for (const auto& n : notes) write(n);
}

std::string black_box() {
  auto& s = state();
  // An assert may come from inside write(): better a torn line than a deadlock on the way down.
  const std::unique_lock lock(s.mutex, std::try_to_lock);
  std::string out;
  const std::size_t first = s.next > black_box_size ? s.next - black_box_size : 0;
  for (std::size_t i = first; i < s.next; ++i) {
    const auto& entry = s.ring[i % black_box_size];
    out += fmt::format("{} {}: {}\n", time_text(entry.when), to_string(entry.note.level), entry.note.text);
  }
  return out;
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::trace: return "trace";
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::notice: return "notice";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "?";
}

std::optional<Level> parse_level(std::string_view name) {
  const auto word = to_lower(name);
  if (word == "trace") return Level::trace;
  if (word == "debug") return Level::debug;
  if (word == "info") return Level::info;
  if (word == "notice") return Level::notice;
  if (word == "warning" || word == "warn") return Level::warning;
  if (word == "error" || word == "err" || word == "crit" || word == "alert" || word == "emerg") return Level::error;
  return std::nullopt;
}

std::optional<std::uint64_t> RateLimit::pass(const std::string& key, Instant now) {
  const auto found = entries_.find(key);
  if (found != entries_.end() && now - found->second.last < every_) {
    ++found->second.held;
    return std::nullopt;
  }
  if (found == entries_.end() && entries_.size() >= 256) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  }
  auto& entry = entries_[key];
  entry.last = now;
  return std::exchange(entry.held, 0);
}

}  // namespace relevo::log
