// Walking /proc by namespace.
#include "cli/lab/processes.hpp"

#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "common/base/text.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

char state_of(pid_t pid) {
  const auto stat = io::read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return 'X';
  const auto close = stat->rfind(')');
  return close == std::string::npos || close + 2 >= stat->size() ? 'X' : (*stat)[close + 2];
}

}  // namespace

std::vector<Inmate> processes_in(const std::string& kind, const std::set<NamespaceId>& wanted) {
  std::vector<Inmate> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const auto pid = parse_uint(entry.path().filename().string());
    if (!pid || wanted.count(namespace_id(entry.path().string() + "/ns/" + kind)) == 0) continue;
    if (const auto id = identify(static_cast<pid_t>(*pid))) found.push_back({*id, state_of(id->pid)});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id.pid < b.id.pid; });
  return found;
}

std::vector<Inmate> processes_of(const ProcessId& init) {
  if (!is_alive(init)) return {};
  auto found = processes_in("pid", {namespace_id(fmt::format("/proc/{}/ns/pid", init.pid))});
  std::stable_partition(found.begin(), found.end(), [&](const auto& inmate) { return inmate.id == init; });
  return found;
}

Status stop_all(const ProcessId& init) {
  const auto all_stopped = [&] {
    bool stopped = true;
    for (const auto& inmate : processes_of(init)) {
      if (inmate.state == 'T' || inmate.state == 't' || inmate.state == 'Z' || inmate.state == 'X') continue;
      stopped = false;
      send_signal(inmate.id, SIGSTOP);
    }
    return stopped;
  };
  if (wait_until(all_stopped, std::chrono::seconds(5), std::chrono::milliseconds(1))) return {};
  return fail(ErrorKind::timeout, "some processes did not stop within 5 s");
}

void continue_all(const ProcessId& init) {
  for (const auto& inmate : processes_of(init)) send_signal(inmate.id, SIGCONT);
}

}  // namespace relevo::cli::lab
