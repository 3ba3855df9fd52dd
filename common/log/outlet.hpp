// Where log lines leave the process without ever making it wait: what the other side does not take at once is dropped
// and counted. Files are not meant: a disk takes its time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace relevo::log {

/// Longest line that leaves in one piece; a longer one is cut. A pipe with room takes as much without waiting.
constexpr std::size_t max_line = 4096;

/// Standard error, whatever stands behind it.
class StderrOutlet {
 public:
  /// `line` ends in a newline.
  void write(std::string_view line);

 private:
  std::uint64_t dropped_ = 0;  ///< since the last line that left
};

/// The local syslog socket. Source: RFC 3164, the form that syslog(3) sends.
class SyslogOutlet {
 public:
  /// `path` is /dev/log but in tests.
  explicit SyslogOutlet(std::string name, std::string path = "/dev/log");
  ~SyslogOutlet();
  SyslogOutlet(const SyslogOutlet&) = delete;
  SyslogOutlet& operator=(const SyslogOutlet&) = delete;
  /// `severity` as in syslog.h, LOG_ERR and its kin.
  void write(int severity, std::string_view text);

 private:
  bool send(std::string_view datagram);

  std::string name_, path_;
  int socket_ = -1;
  std::uint64_t dropped_ = 0;
};

}  // namespace relevo::log
