// The verbs power-off, power-on, pause and resume.
#include "cli/lab/power.hpp"

#include <algorithm>

#include "cli/lab/machine.hpp"
#include "cli/lab/processes.hpp"
#include "cli/lab/start_cluster.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::lab {
namespace {

using Words = std::vector<std::string>;

Result<Machine> running_machine(const Lab& lab, const Host& host) {
  if (auto machine = machine_of(lab, host)) return *machine;
  return fail(ErrorKind::not_found, "{} is off: 'relevo lab power-on {}' switches it on", host.name, host.name);
}

/// One host named by the first word, under the lab's lock.
int host_verb(const VerbText& text, const Words& args, const std::function<Status(const Lab&, const Host&)>& work) {
  return run_verb(text, 1, 1, args, [&](const Lab& lab, const Words& words) -> Status {
    const auto host = find_host(lab, words[0]);
    if (!host) return pass(host.error());
    auto lock = Lock::take(lab.name, std::chrono::seconds(60));
    if (!lock) return pass(lock.error());
    return work(lab, *host);
  });
}

}  // namespace

bool is_paused(const Machine& machine) {
  const auto inmates = processes_of(machine.init);
  return !inmates.empty() &&
         std::all_of(inmates.begin(), inmates.end(), [](const auto& inmate) { return inmate.state == 'T'; });
}

int power_off_main(const Words& args) {
  return host_verb({"relevo lab power-off NODE", "Hard death of a host: links gone, every process killed, at once."},
                   args, switch_off);
}

int power_on_main(const Words& args) {
  return host_verb({"relevo lab power-on NODE", "The host comes back with its disk, and its cluster unless --bare."},
                   args, [](const Lab& lab, const Host& host) -> Status {
                     if (auto done = switch_on(lab, host); !done) return done;
                     if (lab.bare || host.role != Host::Role::node) return {};
                     return start_cluster_on(lab, host);
                   });
}

int pause_main(const Words& args) {
  return host_verb({"relevo lab pause NODE", "SIGSTOP to every process of a host, which keeps its addresses."}, args,
                   [](const Lab& lab, const Host& host) -> Status {
                     const auto machine = running_machine(lab, host);
                     if (!machine) return pass(machine.error());
                     return stop_all(machine->init);
                   });
}

int resume_main(const Words& args) {
  return host_verb({"relevo lab resume NODE", "SIGCONT to every process of a host."}, args,
                   [](const Lab& lab, const Host& host) -> Status {
                     const auto machine = running_machine(lab, host);
                     if (!machine) return pass(machine.error());
                     continue_all(machine->init);
                     return {};
                   });
}

}  // namespace relevo::cli::lab
