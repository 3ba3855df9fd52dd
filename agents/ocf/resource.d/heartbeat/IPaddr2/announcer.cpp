// See announcer.hpp.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/announcer.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "common/base/text.hpp"
#include "common/net/addresses.hpp"
#include "common/net/announce.hpp"

namespace relevo::agents::ipaddr2 {
namespace {

std::string pid_file(const Settings& s) { return s.state_folder + "/announce-" + ip_text(s.ip); }

void write_pid(const std::string& path, pid_t pid) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return;  // it ends by itself when the address goes
  const auto text = std::to_string(pid);
  const auto written = ::write(fd, text.data(), text.size());
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size())) ::unlink(path.c_str());
}

std::optional<pid_t> read_pid(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  std::array<char, 32> buffer{};
  const auto n = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  const auto pid = n > 0 ? parse_int(trim({buffer.data(), static_cast<std::size_t>(n)})) : std::nullopt;
  if (!pid || *pid <= 1) return std::nullopt;
  return static_cast<pid_t>(*pid);
}

std::string program_of(const std::string& process) {
  std::array<char, 4096> buffer{};
  const auto n = ::readlink(("/proc/" + process + "/exe").c_str(), buffer.data(), buffer.size());
  return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : std::string();
}

bool is_here(const Settings& s, const net::Link& link) {
  const auto list = net::addresses();
  return list && std::any_of(list->begin(), list->end(), [&](const net::InterfaceAddress& address) {
           return address.ip == s.ip && address.interface == link.index;
         });
}

void let_go_of_everything() {
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  ::close_range(3, ~0U, 0);
  // The agent's caller may have blocked or ignored what ends this process.
  std::signal(SIGTERM, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir("/") != 0) return;
}

[[noreturn]] void announce_in_background(const Settings& s, const net::Link& link, long rounds) {
  const auto ms = s.arp_interval.count();
  for (long i = 0; i < rounds; ++i) {
    const timespec pause{ms / 1000, ms % 1000 * 1'000'000};
    ::nanosleep(&pause, nullptr);
    // Never speak for an address that may be another node's by now.
    if (!is_here(s, link)) break;
    (void)net::announce(link, s.ip);  // the next round is the answer to a failure
  }
  if (read_pid(pid_file(s)) == ::getpid()) ::unlink(pid_file(s).c_str());
  ::_exit(0);
}

}  // namespace

Status announce_burst(const Settings& s, const net::Link& link, long count) {
  stop_announcing(s);
  if (count <= 0) return {};
  const auto first = net::announce(link, s.ip);
  if (count == 1 || link.loopback) return first;
  const pid_t middle = ::fork();
  if (middle < 0) return fail("no process for further announcements of {}", ip_text(s.ip));
  if (middle == 0) {
    let_go_of_everything();
    const pid_t worker = ::fork();
    if (worker == 0) announce_in_background(s, link, count - 1);
    // Written before the start ends, so that a stop that follows at once finds it.
    if (worker > 0) write_pid(pid_file(s), worker);
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(middle, &status, 0) < 0 && errno == EINTR) {
  }
  return first;
}

void stop_announcing(const Settings& s) {
  const auto pid = read_pid(pid_file(s));
  if (!pid) return;
  const auto own = program_of("self");
  if (!own.empty() && program_of(std::to_string(*pid)) == own) ::kill(*pid, SIGTERM);
  ::unlink(pid_file(s).c_str());
}

}  // namespace relevo::agents::ipaddr2
