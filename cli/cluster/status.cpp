// `relevo cluster status`: processes from the supervisor's file and the kernel, the ring from the daemon itself.
#include "cli/cluster/status.hpp"

#include "cli/cluster/ring.hpp"
#include "cli/cluster/running.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::cluster {
namespace {

nlohmann::json process_json(const ProcessId& process) {
  return is_alive(process) ? nlohmann::json(process.pid) : nlohmann::json(nullptr);
}

void print_daemon(const char* name, const DaemonRecord& daemon) {
  if (is_alive(daemon.process))
    say("  {:<20} runs (process {}{})", name, daemon.process.pid,
        daemon.restarts > 0 ? fmt::format(", restarted {} times", daemon.restarts) : "");
  else
    say("  {:<20} does not run{}", name, daemon.last_end.empty() ? "" : " (" + daemon.last_end + ")");
}

void print_ring(const RingSummary& ring) {
  say("Cluster {}, this node is {}", ring.cluster, ring.node);
  say("  ring {} ({}), {} of {} nodes: {}", ring.ring, ring.state, ring.members.size(),
      ring.members.size() + ring.missing.size(), join(ring.members, ", "));
  if (!ring.missing.empty()) say("  not in the ring: {}", join(ring.missing, ", "));
  say("  quorum: {}{}", ring.quorate ? "yes" : "no", ring.quorum_reason.empty() ? "" : " (" + ring.quorum_reason + ")");
}

int print_status(const io::Root& root, bool as_json) {
  const auto running = read_running(root).value_or(Running{});
  const auto report = ask_ring(root, 5s);
  const auto ring = report ? summarize(*report) : RingSummary{};
  const bool manager = resmgr_answers(root);
  const int code = report ? exit_ok : exit_not_running;
  if (as_json) {
    nlohmann::json json = {{"running", report.has_value()},
                           {"resource_manager", manager},
                           {"cluster", ring.cluster},
                           {"node", ring.node},
                           {"ring", ring.ring},
                           {"state", ring.state},
                           {"quorate", ring.quorate},
                           {"quorum_reason", ring.quorum_reason},
                           {"members", ring.members},
                           {"members_online", ring.members.size()},
                           {"missing", ring.missing},
                           {"supervisor_pid", process_json(running.supervisor)}};
    for (std::size_t i = 0; i < daemon_names.size(); ++i)
      json["daemons"][daemon_names[i]] = {{"pid", process_json(running.daemons[i].process)},
                                          {"restarts", running.daemons[i].restarts},
                                          {"last_end", running.daemons[i].last_end}};
    if (!report) json["why"] = report.error().message;
    print_json(json);
    return code;
  }
  if (report)
    print_ring(ring);
  else
    say("The cluster does not run on this node: {}", report.error().message);
  for (std::size_t i = 0; i < daemon_names.size(); ++i) print_daemon(daemon_names[i], running.daemons[i]);
  if (is_alive(running.supervisor)) say("  {:<20} runs (process {})", "supervisor", running.supervisor.pid);
  if (report && !manager) say("  the resource manager does not answer at {}", root.resmgr_socket());
  return code;
}

}  // namespace

int status_main(const std::vector<std::string>& args) {
  std::string prefix;
  bool as_json = false;
  Options options("relevo cluster status [--json] [--root DIR]", "What runs on this node, its ring, its quorum.");
  options.value("--root", "DIR", "everything below this folder instead of /", prefix);
  options.flag("--json", "for programs", as_json);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  return print_status(io::find_root(prefix), as_json);
}

}  // namespace relevo::cli::cluster
