// The supervisor's loop: one poll over signals, deadlines in between. It knows programs, not clusters.
#include "cli/cluster/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "cli/support/self.hpp"
#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::cluster {
namespace {

using Clock = std::chrono::steady_clock;

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

class Supervisor {
 public:
  explicit Supervisor(io::Root root) : root_(std::move(root)) {}

  int run() {
    block_signals();
    running_.supervisor = identify(::getpid()).value_or(ProcessId{});
    while (true) {
      start_what_is_due();
      if (stopping_ && !any_alive()) break;
      save();
      wait_for_event();
      if (stopping_) advance_stop();
    }
    ::unlink(supervisor_file(root_).c_str());
    return exit_ok;
  }

 private:
  struct Slot {
    Clock::time_point started{};
    Clock::time_point due{};  ///< when to start it, while it is not running
    bool wanted = true;
  };

  void block_signals() {
    sigemptyset(&mask_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&mask_, signal);
    sigprocmask(SIG_BLOCK, &mask_, nullptr);
    signals_.reset(::signalfd(-1, &mask_, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  [[nodiscard]] bool alive(std::size_t i) const { return running_.daemons[i].process.pid != 0; }
  [[nodiscard]] bool any_alive() const { return alive(membershipd) || alive(resmgrd); }

  /// The resource manager is started once the membership daemon had a moment to open its socket.
  [[nodiscard]] bool may_start(std::size_t i) const {
    return i == membershipd || !slots_[membershipd].wanted || io::file_exists(root_.membership_socket()) ||
           Clock::now() > slots_[membershipd].started + std::chrono::seconds(1);
  }

  void start_what_is_due() {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].wanted && !alive(i) && Clock::now() >= slots_[i].due && may_start(i)) start(i);
  }

  void start(std::size_t i) {
    const auto program = bin_dir() + "/" + daemon_names[i];
    const auto pid = ::fork();
    if (pid == 0) exec_daemon(i, program);
    auto& slot = slots_[i];
    slot.started = Clock::now();
    if (pid < 0) {
      slot.due = slot.started + std::chrono::seconds(1);
      return;
    }
    auto& record = running_.daemons[i];
    if (!record.last_end.empty()) ++record.restarts;
    record.process = identify(pid).value_or(ProcessId{pid, 0});
  }

  [[noreturn]] void exec_daemon(std::size_t i, const std::string& program) const {
    sigprocmask(SIG_UNBLOCK, &mask_, nullptr);
    ::setpgid(0, 0);
    const int log = ::open(log_file(root_, i).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
    if (log >= 0) {
      ::dup2(log, 1);
      ::dup2(log, 2);
    }
    if (root_.prefix.empty())
      ::execl(program.c_str(), daemon_names[i], nullptr);
    else
      ::execl(program.c_str(), daemon_names[i], "--root", root_.prefix.c_str(), nullptr);
    print_error({fmt::format("{}: {}", program, io::errno_text(errno)), ErrorKind::failed});
    ::_exit(127);
  }

  void wait_for_event() {
    pollfd ready{signals_.get(), POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(time_to_next().count()));
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
      on_signal(static_cast<int>(info.ssi_signo));
  }

  [[nodiscard]] std::chrono::milliseconds time_to_next() const {
    auto next = std::chrono::milliseconds(stopping_ ? 200 : 60000);
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i].wanted || alive(i)) continue;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(slots_[i].due - Clock::now());
      next = std::clamp(left, std::chrono::milliseconds(may_start(i) ? 0 : 5), next);
    }
    return next;
  }

  void on_signal(int signal) {
    if (signal == SIGCHLD) {
      reap();
    } else if (signal == SIGHUP) {
      for (const auto& daemon : running_.daemons) send_signal(daemon.process, SIGHUP);
    } else if (!stopping_) {
      stopping_ = true;
      for (auto& slot : slots_) slot.wanted = false;
      begin_stop(alive(resmgrd) ? resmgrd : membershipd);
    }
  }

  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
      for (std::size_t i = 0; i < slots_.size(); ++i)
        if (running_.daemons[i].process.pid == pid) on_death(i, status);
  }

  void on_death(std::size_t i, int status) {
    auto& record = running_.daemons[i];
    record.process = {};
    record.last_end = how_it_ended(status);
    if (stopping_) return;
    const auto now = Clock::now();
    record.quick_deaths = now - slots_[i].started < quick_death ? record.quick_deaths + 1 : 0;
    slots_[i].due = now + restart_delay(record.quick_deaths);
    print_warning(fmt::format("{} {}; it is started again", daemon_names[i], record.last_end));
  }

  void begin_stop(std::size_t i) {
    stopping_now_ = i;
    stop_limit_ = Clock::now() + (i == resmgrd ? resmgr_stop_limit : membership_stop_limit);
    send_signal(running_.daemons[i].process, SIGTERM);
  }

  /// First the resource manager, which hands its resources over while the ring still stands; then the membership.
  void advance_stop() {
    if (stopping_now_ == resmgrd && !alive(resmgrd) && alive(membershipd)) begin_stop(membershipd);
    if (!alive(stopping_now_) || Clock::now() < stop_limit_) return;
    print_warning(fmt::format("{} did not stop in time and is killed", daemon_names[stopping_now_]));
    send_signal(running_.daemons[stopping_now_].process, SIGKILL);
  }

  void save() {
    if (auto written = write_running(root_, running_); !written) print_warning(written.error().message);
  }

  io::Root root_;
  Running running_;
  std::array<Slot, 2> slots_{};
  sigset_t mask_{};
  io::Fd signals_;
  bool stopping_ = false;
  std::size_t stopping_now_ = resmgrd;
  Clock::time_point stop_limit_{};
};

}  // namespace

std::chrono::milliseconds restart_delay(std::uint32_t quick_deaths) {
  const auto doublings = std::min(quick_deaths > 0 ? quick_deaths - 1 : 0U, 7U);
  return std::min(std::chrono::milliseconds(50U << doublings), std::chrono::milliseconds(5000));
}

int supervise_main(const std::vector<std::string>& args) {
  std::string prefix;
  Options options("relevo cluster supervise [--root DIR]", "Runs and restarts this node's daemons.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  if (const auto words = options.words(0, 0).parse(args); !words) return print_usage_error(words.error().message);
  const auto root = io::find_root(prefix);
  ::prctl(PR_SET_NAME, "relevo-super");
  ::umask(022);
  for (const auto& folder : {root.run_dir(), root.log_dir()})
    if (auto made = io::make_directories(folder, 0755); !made) return print_error(made.error());
  const io::Fd lock(::open(supervisor_lock(root).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return print_error({"a supervisor runs here already", ErrorKind::exists});
  return Supervisor(root).run();
}

}  // namespace relevo::cli::cluster
