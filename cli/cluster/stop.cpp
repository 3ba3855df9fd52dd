// `relevo cluster stop`: the supervisor is asked, or its daemons when it is gone, and the end is waited for.
#include "cli/cluster/stop.hpp"

#include <signal.h>
#include <unistd.h>

#include "cli/cluster/running.hpp"
#include "cli/cluster/supervisor.hpp"
#include "cli/cluster/systemd.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::cluster {
namespace {

/// The supervisor was killed and what it had started lives on: the same order, without it.
Status stop_orphans(const io::Root& root, const Running& running) {
  for (const auto i : {resmgrd, membershipd}) {
    const auto& process = running.daemons[i].process;
    if (!send_signal(process, SIGTERM)) continue;
    const auto limit = i == resmgrd ? resmgr_stop_limit : membership_stop_limit;
    if (!wait_until([&] { return !is_alive(process); }, limit) && !kill_and_wait(process, std::chrono::seconds(5)))
      return fail(ErrorKind::timeout, "{} (process {}) cannot be killed", daemon_names[i], process.pid);
  }
  ::unlink(supervisor_file(root).c_str());
  return {};
}

Status stop(const io::Root& root) {
  if (systemd_manages(root)) return systemd_order("stop");
  const auto running = read_running(root);
  if (!running) return fail(ErrorKind::not_connected, "the cluster is not running on this node");
  if (!is_alive(running->supervisor)) {
    if (!is_alive(running->daemons[0].process) && !is_alive(running->daemons[1].process))
      return fail(ErrorKind::not_connected, "the cluster is not running on this node");
    return stop_orphans(root, *running);
  }
  send_signal(running->supervisor, SIGTERM);
  const auto limit = resmgr_stop_limit + membership_stop_limit + std::chrono::seconds(5);
  if (wait_until([&] { return !is_alive(running->supervisor); }, limit)) return {};
  return fail(ErrorKind::timeout, "the daemons were told to stop and still run: see the logs in {}", root.log_dir());
}

}  // namespace

int stop_main(const std::vector<std::string>& args) {
  std::string prefix;
  bool all = false;
  Options options("relevo cluster stop [--root DIR]", "Hands this node's resources over and stops its daemons.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  options.flag("--all", "on every node", all);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (all)
    return print_error(
        {"--all needs relevo-hostd on every node, which this version does not have yet: "
         "run 'relevo cluster stop' on each",
         ErrorKind::unsupported});
  if (auto stopped = stop(io::find_root(prefix)); !stopped) return print_error(stopped.error());
  print_line("The cluster is stopped on this node");
  return exit_ok;
}

}  // namespace relevo::cli::cluster
