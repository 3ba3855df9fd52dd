// Writing without waiting; see outlet.hpp.
#include "common/log/outlet.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace relevo::log {
namespace {

/// A pipe or terminal that is writable takes a line of this size at once.
bool is_writable(int fd) {
  pollfd it{fd, POLLOUT, 0};
  return ::poll(&it, 1, 0) == 1 && (it.revents & POLLOUT) != 0;
}

bool put(int fd, std::string_view line) {
  return is_writable(fd) && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

std::string lost_text(std::uint64_t dropped) { return fmt::format("{} log lines were dropped: nobody took them", dropped); }

}  // namespace

void StderrOutlet::write(std::string_view line) {
  if (dropped_ != 0 && put(STDERR_FILENO, lost_text(dropped_) + "\n")) dropped_ = 0;
  std::string cut;
  if (line.size() > max_line) {
    cut = std::string(line.substr(0, max_line - 1)) + "\n";
    line = cut;
  }
  if (dropped_ != 0 || !put(STDERR_FILENO, line)) ++dropped_;
}

SyslogOutlet::SyslogOutlet(std::string name, std::string path) : name_(std::move(name)), path_(std::move(path)) {}

SyslogOutlet::~SyslogOutlet() {
  if (socket_ >= 0) ::close(socket_);
}

bool SyslogOutlet::send(std::string_view datagram) {
  // A second attempt with a new socket: the log daemon may have been restarted.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (socket_ < 0) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      if (path_.size() >= sizeof address.sun_path) return false;
      std::copy(path_.begin(), path_.end(), address.sun_path);
      socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (socket_ < 0) return false;
      if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        socket_ = -1;
        return false;
      }
    }
    if (::send(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
    if (errno == EAGAIN || errno == EMSGSIZE || errno == ENOBUFS) return false;
    ::close(socket_);
    socket_ = -1;
  }
  return false;
}

void SyslogOutlet::write(int severity, std::string_view text) {
  const auto now = std::time(nullptr);
  tm parts{};
  localtime_r(&now, &parts);
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto head = fmt::format("<{}>{} {:2} {:02}:{:02}:{:02} {}[{}]: ", LOG_DAEMON | severity, months[parts.tm_mon % 12], parts.tm_mday,
                                parts.tm_hour, parts.tm_min, parts.tm_sec, name_, ::getpid());
  if (dropped_ != 0 && send(head + lost_text(dropped_))) dropped_ = 0;
  if (dropped_ != 0 || !send(head + std::string(text.substr(0, max_line)))) ++dropped_;
}

}  // namespace relevo::log
