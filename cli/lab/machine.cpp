// Switching hosts on and off from outside. What the host does inside is guest.cpp.
#include "cli/lab/machine.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/lab/faults.hpp"
#include "cli/lab/guest.hpp"
#include "cli/lab/namespaces.hpp"
#include "cli/lab/network.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/self.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lab {
namespace {

constexpr int report_fd = 3;  // where the keeper says "ready" or what went wrong

/// Everything that the pipe brings until it is closed, for at most 20 s.
std::string read_report(int fd) {
  std::string text;
  std::array<char, 1024> buffer{};
  pollfd ready{fd, POLLIN, 0};
  while (::poll(&ready, 1, 20000) > 0) {
    const auto n = ::read(fd, buffer.data(), buffer.size());
    if (n <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return "no answer within 20 s";
}

/// In the child: becomes the keeper, detached from the caller's terminal and session.
[[noreturn]] void become_keeper(const Lab& lab, const Host& host, int report) {
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  if (report == report_fd)
    ::fcntl(report, F_SETFD, 0);
  else
    ::dup2(report, report_fd);
  ::close_range(report_fd + 1, ~0U, 0);
  if (::chdir("/") != 0) ::_exit(127);
  const auto self = self_path();
  ::execl(self.c_str(), "relevo", "lab", "keeper", lab.name.c_str(), host.name.c_str(), nullptr);
  ::_exit(127);
}

Status start_keeper(const Lab& lab, const Host& host) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail("a pipe: {}", io::errno_text(errno));
  const io::Fd reader(pipe[0]);
  io::Fd writer(pipe[1]);
  const auto child = ::fork();
  if (child < 0) return fail("fork: {}", io::errno_text(errno));
  if (child == 0) become_keeper(lab, host, writer.get());
  writer.reset();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  const auto report = read_report(reader.get());
  if (report == "ready") return {};
  return fail("{} did not start: {}", host.name, report.empty() ? "its keeper died" : report);
}

void report_and_close(std::string_view text) {
  static_cast<void>(!::write(report_fd, text.data(), text.size()));
  ::close(report_fd);
}

}  // namespace

Status switch_on(const Lab& lab, const Host& host) {
  if (machine_of(lab, host)) return fail(ErrorKind::exists, "{} is on already", host.name);
  unplug(lab, host);  // leftovers of a host that died by itself
  auto done = plug_in(lab, host);
  if (done) done = apply_faults(lab);
  if (done) done = start_keeper(lab, host);
  if (!done) unplug(lab, host);
  return done;
}

Status switch_off(const Lab& lab, const Host& host) {
  const auto machine = machine_of(lab, host);
  if (!machine) return fail(ErrorKind::not_found, "{} is off already", host.name);
  cut_cables(lab, host);
  send_signal(machine->init, SIGKILL);
  const auto gone = [&] { return !is_alive(machine->init) && !is_alive(machine->keeper); };
  if (!wait_until(gone, std::chrono::seconds(10), std::chrono::milliseconds(1)))
    return fail(ErrorKind::timeout, "{}: its processes were killed and still are not gone", host.name);
  return {};
}

int keeper_main(const std::vector<std::string>& args) {
  if (args.size() != 2) return exit_usage;
  ::fcntl(report_fd, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_NAME, "relevo-keeper");
  const auto lab = load(args[0]);
  const auto host = lab ? find_host(*lab, args[1]) : Result<Host>(pass(lab.error()));
  if (!host) {
    report_and_close(host.error().message);
    return exit_failed;
  }
  const auto init = start_guest(*lab, *host);
  const auto first = init ? identify(*init) : std::nullopt;
  const auto self = identify(::getpid());
  if (!first || !self) {
    report_and_close(init ? "its first process died at once" : init.error().message);
    return exit_failed;
  }
  if (auto saved = save_machine(*lab, *host, {*first, *self}); !saved) {
    report_and_close(saved.error().message);
    return exit_failed;
  }
  report_and_close("ready");
  int status = 0;
  while (::waitpid(*init, &status, 0) < 0 && errno == EINTR) continue;
  // Also when the host ended itself (reboot, a fence agent's power-off): a dead host answers no packet.
  cut_cables(*lab, *host);
  unplug(*lab, *host);
  return exit_ok;
}

}  // namespace relevo::cli::lab
