// `relevo cluster start`: refuse with reasons, start the supervisor, wait until the node is up.
#include "cli/cluster/start.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "cli/cluster/preflight.hpp"
#include "cli/cluster/ring.hpp"
#include "cli/cluster/running.hpp"
#include "cli/cluster/systemd.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "cli/support/self.hpp"
#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::cluster {
namespace {

volatile sig_atomic_t interrupted = 0;

void on_interrupt(int) { interrupted = 1; }

struct StartOptions {
  std::string prefix;
  std::uint32_t wait_s = 60;
  bool no_wait = false;
  bool all = false;
  bool wait = false;
};

Status check_programs() {
  for (const auto* name : daemon_names)
    if (!io::file_exists(bin_dir() + "/" + name))
      return fail(ErrorKind::not_found, "{}/{} is missing: build or install it", bin_dir(), name);
  return {};
}

Status check_all(const io::Root& root) {
  if (const auto running = live_supervisor(root))
    return fail(ErrorKind::exists, "the cluster runs on this node already (supervisor: process {})",
                running->supervisor.pid);
  if (ask_ring(root, 1s))
    return fail(ErrorKind::exists, "a membership daemon answers at {} already", root.membership_socket());
  const auto config = check_config(root);
  if (!config) return pass(config.error());
  if (auto key = check_key(root, *config); !key) return key;
  return check_programs();
}

/// Detached from this terminal and session: neither Ctrl-C nor a hang-up reaches it.
Status start_supervisor(const io::Root& root) {
  for (const auto& folder : {root.run_dir(), root.log_dir()})
    if (auto made = io::make_directories(folder, 0755); !made) return made;
  const auto log = root.log_dir() + "/supervisor.log";
  const auto child = ::fork();
  if (child < 0) return fail("fork: {}", io::errno_text(errno));
  if (child == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    const int null = ::open("/dev/null", O_RDWR);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
    ::dup2(null, 0);
    for (const int fd : {1, 2}) ::dup2(out >= 0 ? out : null, fd);
    ::close_range(3, ~0U, 0);
    const auto self = self_path();
    ::execl(self.c_str(), "relevo", "cluster", "supervise", "--root", root.prefix.c_str(), nullptr);
    ::_exit(127);
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  if (wait_until([&] { return live_supervisor(root).has_value(); }, std::chrono::seconds(5))) return {};
  return fail("the supervisor did not start: see {}", log);
}

bool is_up(const io::Root& root) {
  const auto report = ask_ring(root, 1s);
  return report && summarize(*report).state == "operational" && resmgr_answers(root);
}

/// A daemon that dies again and again will not come up by waiting: its own last words are the answer.
Status hopeless(const io::Root& root) {
  const auto running = read_running(root);
  if (!running) return fail("the supervisor is gone: see {}/supervisor.log", root.log_dir());
  for (std::size_t i = 0; i < daemon_names.size(); ++i)
    if (running->daemons[i].quick_deaths >= 4)
      return fail("{} does not stay up ({}). The end of {}:\n{}", daemon_names[i], running->daemons[i].last_end,
                  log_file(root, i), log_tail(root, i, 5));
  return {};
}

Status wait_until_up(const io::Root& root, std::chrono::seconds limit) {
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  Status trouble;
  const auto settled = [&] {
    trouble = hopeless(root);
    return interrupted != 0 || !trouble || is_up(root);
  };
  const bool in_time = wait_until(settled, limit, std::chrono::milliseconds(20));
  if (interrupted != 0) return fail("interrupted: the daemons keep running; 'relevo cluster stop' ends them");
  if (!trouble) {
    if (const auto running = live_supervisor(root)) send_signal(running->supervisor, SIGTERM);
    return trouble;
  }
  if (in_time) return {};
  return fail(ErrorKind::timeout,
              "the daemons run, and the node is not up after {} s: 'relevo cluster status' says more", limit.count());
}

Status start(const StartOptions& wanted) {
  const auto root = io::find_root(wanted.prefix);
  if (wanted.all)
    return fail(ErrorKind::unsupported,
                "--all needs relevo-hostd on every node, which this version does not have yet: "
                "run 'relevo cluster start' on each");
  if (auto checked = check_all(root); !checked) return checked;
  if (auto started = systemd_manages(root) ? systemd_order("start") : start_supervisor(root); !started) return started;
  if (wanted.no_wait) return {};
  return wait_until_up(root, std::chrono::seconds(wanted.wait_s));
}

}  // namespace

int start_main(const std::vector<std::string>& args) {
  StartOptions wanted;
  Options options("relevo cluster start [--no-wait | --wait-limit S] [--root DIR]",
                  "Starts this node's daemons and waits until the node is up.");
  options.value("--root", "DIR", "everything below this folder instead of /", wanted.prefix);
  options.flag("--wait", "wait until the node is up (the default)", wanted.wait);
  options.flag("--no-wait", "do not wait", wanted.no_wait);
  options.number("--wait-limit", "seconds to wait (default: 60)", wanted.wait_s, 1, 3600);
  options.flag("--all", "on every node", wanted.all);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (auto started = start(wanted); !started) return print_error(started.error());
  print_line(wanted.no_wait ? "The cluster is being started on this node" : "The cluster runs on this node");
  return exit_ok;
}

}  // namespace relevo::cli::cluster
