// Entering a host. A forked child joins, forks once more into the PID namespace, and the code travels back.
#include "cli/lab/enter.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "cli/lab/verb.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "cli/support/self.hpp"

namespace relevo::cli::lab {
namespace {

volatile pid_t forward_to = 0;  // the child that a signal to `exec` is meant for

void forward(int signal) {
  if (forward_to > 0) ::kill(forward_to, signal);
}

/// Ctrl-C reaches the command by the terminal itself; TERM and HUP sent to us alone are passed on.
void forward_signals(pid_t child) {
  forward_to = child;
  struct sigaction action{};
  action.sa_handler = forward;
  for (const int signal : {SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  for (const int signal : {SIGINT, SIGQUIT}) ::sigaction(signal, &action, nullptr);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return exit_failed;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void set_environment() {
  const char* path = std::getenv("PATH");
  const auto value = fmt::format("{}:{}:{}", bin_dir(), compat_dir(),
                                 path ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  ::setenv("PATH", value.c_str(), 1);
  ::unsetenv("RELEVO_ROOT");
  ::setenv("HOME", "/root", 1);
}

[[noreturn]] void run_command(const std::vector<std::string>& command, const std::string& folder) {
  set_environment();
  if (::chdir(folder.c_str()) != 0 && ::chdir("/") != 0) ::_exit(127);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  const int error = errno;
  print_error({fmt::format("{}: {}", command[0], io::errno_text(error)), ErrorKind::failed});
  ::_exit(error == ENOENT ? 127 : 126);
}

std::string current_folder() {
  std::array<char, 4096> buffer{};
  return ::getcwd(buffer.data(), buffer.size()) ? std::string(buffer.data()) : std::string("/");
}

}  // namespace

Status join_host(const Machine& machine) {
  // All are opened first: after the mount namespace is joined, /proc is the host's own.
  struct Wanted {
    const char* name;
    int flag;
  };
  constexpr std::array<Wanted, 5> kinds = {{{"ipc", CLONE_NEWIPC},
                                            {"uts", CLONE_NEWUTS},
                                            {"net", CLONE_NEWNET},
                                            {"pid", CLONE_NEWPID},
                                            {"mnt", CLONE_NEWNS}}};
  std::array<io::Fd, 5> fds;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto path = fmt::format("/proc/{}/ns/{}", machine.init.pid, kinds[i].name);
    fds[i] = io::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fds[i].valid()) return fail("{}: {}", path, io::errno_text(errno));
  }
  if (!is_alive(machine.init)) return fail(ErrorKind::not_found, "the host died just now");
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (::setns(fds[i].get(), kinds[i].flag) != 0)
      return fail("joining the host's {} namespace: {}", kinds[i].name, io::errno_text(errno));
  return {};
}

Result<pid_t> fork_in(const Lab& lab, const Host& host, const std::function<int()>& body) {
  const auto machine = machine_of(lab, host);
  if (!machine)
    return fail(ErrorKind::not_found, "{} is off: 'relevo lab power-on {}' switches it on", host.name, host.name);
  const auto outer = ::fork();
  if (outer < 0) return fail("fork: {}", io::errno_text(errno));
  if (outer > 0) return outer;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (auto joined = join_host(*machine); !joined) ::_exit(print_error(joined.error()));
  const auto inner = ::fork();
  if (inner < 0) ::_exit(exit_failed);
  if (inner == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::_exit(body());
  }
  forward_signals(inner);
  ::_exit(wait_for(inner));
}

Result<int> exec_in(const Lab& lab, const Host& host, const std::vector<std::string>& command) {
  const auto folder = current_folder();
  const auto child = fork_in(lab, host, [&]() -> int { run_command(command, folder); });
  if (!child) return pass(child.error());
  forward_signals(*child);
  return wait_for(*child);
}

Result<Captured> capture_in(const Lab& lab, const Host& host, const std::vector<std::string>& command,
                            std::chrono::milliseconds limit) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail("a pipe: {}", io::errno_text(errno));
  const io::Fd reader(pipe[0]);
  io::Fd writer(pipe[1]);
  const auto child = fork_in(lab, host, [&]() -> int {
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(writer.get(), 1);
    ::dup2(writer.get(), 2);
    run_command(command, "/");
  });
  if (!child) return pass(child.error());
  writer.reset();
  Captured captured;
  const auto end = std::chrono::steady_clock::now() + limit;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd ready{reader.get(), POLLIN, 0};
    const int polled = left.count() <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(left.count()));
    if (polled < 0) continue;  // a signal: the time limit still holds
    if (polled == 0) {
      ::kill(*child, SIGKILL);
      wait_for(*child);
      return fail(ErrorKind::timeout, "{} on {} did not end within {} ms", command[0], host.name, limit.count());
    }
    const auto n = ::read(reader.get(), buffer.data(), buffer.size());
    if (n <= 0) break;
    captured.out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  captured.exit_code = wait_for(*child);
  return captured;
}

int exec_main(const std::vector<std::string>& args) {
  std::string name = "lab";
  auto options = lab_options(
      {"relevo lab exec NODE -- CMD [ARG...]", "Runs CMD as on that host and ends with its exit code."}, name);
  // Both `exec NODE -- CMD` and `exec NODE CMD`: what follows the host's name is never taken for our own options,
  // except --name before the two dashes.
  const auto dashes = std::find(args.begin(), args.end(), "--");
  if (dashes == args.end()) options.stop_after(1);
  std::vector<std::string> words;
  if (const auto ended = options.parse_or_end({args.begin(), dashes}, words)) return *ended;
  if (dashes != args.end()) words.insert(words.end(), dashes + 1, args.end());
  if (words.size() < 2) return print_usage_error("say where and what: relevo lab exec nodo1 -- ip address");
  if (auto rights = check_rights(); !rights) return print_error(rights.error());
  const auto lab = load(name);
  if (!lab) return print_error(lab.error());
  const auto host = find_host(*lab, words.front());
  if (!host) return print_error(host.error());
  const auto code = exec_in(*lab, *host, {words.begin() + 1, words.end()});
  return code ? *code : print_error(code.error());
}

}  // namespace relevo::cli::lab
