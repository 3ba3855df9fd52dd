// Removing labs. It trusts no record: namespaces are found by name, processes by namespace.
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/lab/lifecycle.hpp"
#include "cli/lab/namespaces.hpp"
#include "cli/lab/processes.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::lab {
namespace {

namespace fs = std::filesystem;

/// LAB-net, LAB-client, LAB-dns, LAB-nodo1 ... and nothing else: `lab` must not take `lab-2-nodo1` for its own.
bool belongs_to(const std::string& netns, const std::string& lab) {
  if (!netns.starts_with(lab + "-")) return false;
  const auto rest = netns.substr(lab.size() + 1);
  if (rest == "net" || rest == "client" || rest == "dns") return true;
  return rest.size() > 4 && rest.starts_with("nodo") &&
         std::all_of(rest.begin() + 4, rest.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> namespaces_of_lab(const std::string& lab) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/run/netns", error))
    if (auto name = entry.path().filename().string(); belongs_to(name, lab)) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

/// Keepers first: a keeper that lives would take its host's namespace away under our hands. All are killed before
/// the first is waited for, since a host takes its time to die.
std::size_t kill_keepers(const std::string& lab) {
  std::vector<ProcessId> processes;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_of(lab), error)) {
    if (entry.path().extension() != ".machine") continue;
    const auto machine = recorded_machine(lab, entry.path().stem().string());
    if (machine) processes.insert(processes.end(), {machine->keeper, machine->init});
  }
  std::erase_if(processes, [](const ProcessId& process) { return !send_signal(process, SIGKILL); });
  for (const auto& process : processes) kill_and_wait(process, std::chrono::seconds(5));
  return processes.size();
}

/// Whoever still lives in the lab's namespaces, again until nobody does.
std::size_t kill_inmates(const std::vector<std::string>& namespaces) {
  std::set<NamespaceId> ids;
  for (const auto& name : namespaces) ids.insert(namespace_id(netns_path(name)));
  ids.erase(NamespaceId{0, 0});
  ids.erase(namespace_id("/proc/self/ns/net"));
  std::size_t killed = 0;
  wait_until(
      [&] {
        const auto inmates = processes_in("net", ids);
        for (const auto& inmate : inmates)
          if (send_signal(inmate.id, SIGKILL)) ++killed;
        return inmates.empty();
      },
      std::chrono::seconds(5), std::chrono::milliseconds(2));
  return killed;
}

bool is_mount(const std::string& folder) {
  struct stat mine{};
  struct stat parent{};
  return ::stat(folder.c_str(), &mine) == 0 && ::stat((folder + "/..").c_str(), &parent) == 0 &&
         mine.st_dev != parent.st_dev;
}

std::size_t remove_folder(const std::string& lab) {
  const auto folder = folder_of(lab);
  std::size_t removed = 0;
  while (is_mount(folder) && ::umount2(folder.c_str(), MNT_DETACH) == 0) ++removed;
  if (is_mount(folder)) return removed;  // never delete through a mount
  std::error_code error;
  if (fs::remove_all(folder, error) > 0 && !error) ++removed;
  return removed;
}

/// A lab that nobody will ever take down: its `up` or its owner was killed.
bool is_orphan(const std::string& name) {
  const auto lab = load(name);
  if (!lab || !lab->ready) return true;
  return lab->owner.pid != 0 && !is_alive(lab->owner);
}

}  // namespace

Result<std::size_t> take_down(const std::string& name) {
  if (auto named = check_lab_name(name); !named) return pass(named.error());
  auto removed = kill_keepers(name);
  const auto namespaces = namespaces_of_lab(name);
  removed += kill_inmates(namespaces);
  for (const auto& netns : namespaces) {
    if (auto done = run_tool("ip", {"netns", "del", netns}); !done) return pass(done.error());
    ++removed;
  }
  removed += remove_folder(name);
  return removed;
}

void sweep() {
  for (const auto& name : lab_names()) {
    if (!check_lab_name(name) || !is_orphan(name)) continue;
    // Whoever holds the lock is making or removing it right now; an orphan's lock went with its process.
    auto lock = Lock::take(name, std::chrono::milliseconds(0));
    if (!lock || !is_orphan(name)) continue;
    if (take_down(name)) {
      print_warning(fmt::format("removed lab '{}', which a killed command had left behind", name));
      lock->remove();
    }
  }
  ::rmdir(base_folder().c_str());
}

int down_main(const std::vector<std::string>& args) {
  std::string name = "lab";
  auto options = lab_options({"relevo lab down", "Removes a lab: hosts, processes, networks, files."}, name);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (auto rights = check_rights(); !rights) return print_error(rights.error());
  if (auto named = check_lab_name(name); !named) return print_usage_error(named.error().message);
  auto lock = Lock::take(name, std::chrono::seconds(60));
  if (!lock) return print_error(lock.error());
  const auto removed = take_down(name);
  if (!removed) return print_error(removed.error());
  lock->remove();
  sweep();
  say("Lab '{}' {}", name, *removed == 0 ? "was not up: nothing to remove" : "is gone");
  return exit_ok;
}

}  // namespace relevo::cli::lab
