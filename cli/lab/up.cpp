// `relevo lab up`: the order in which a lab is built, and its undoing when a step fails.
#include <sys/mount.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "cli/lab/lifecycle.hpp"
#include "cli/lab/machine.hpp"
#include "cli/lab/network.hpp"
#include "cli/lab/start_cluster.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

/// One tmpfs for the lab's records and disks: overlays can always be stacked on it, and it goes with one umount.
Status make_folder(const Lab& lab) {
  const auto folder = folder_of(lab.name);
  if (auto made = io::make_directories(folder, 0711); !made) return made;
  if (::mount("tmpfs", folder.c_str(), "tmpfs", MS_NODEV, "mode=0711") != 0)
    return fail(ErrorKind::permission, "{}: {}", folder, io::errno_text(errno));
  return {};
}

Status make_key(const Lab& lab) {
  std::array<char, 256> key{};
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
    return fail("random bytes: {}", io::errno_text(errno));
  return io::write_file_durably(folder_of(lab.name) + "/authkey", {key.data(), key.size()}, 0400);
}

Status build(Lab& lab, const std::function<void(const std::string&)>& tell) {
  if (auto done = make_folder(lab); !done) return done;
  if (auto done = save(lab); !done) return done;
  if (auto done = make_key(lab); !done) return done;
  if (auto done = build_switch(lab); !done) return done;
  for (const auto& host : hosts_of(lab)) {
    if (auto done = switch_on(lab, host); !done) return done;
    tell(fmt::format("{:<7} {:<18} {}", host.name, namespace_of(lab, host), address_of(host, 0)));
  }
  if (!lab.bare)
    if (auto done = start_cluster(lab, tell); !done) return done;
  lab.ready = true;
  return save(lab);
}

Status check(const Lab& lab) {
  if (auto named = check_lab_name(lab.name); !named) return named;
  return check_vip(lab);
}

}  // namespace

Status bring_up(Lab lab, const std::function<void(const std::string&)>& tell) {
  if (auto checked = check(lab); !checked) return checked;
  if (auto rights = check_rights(); !rights) return rights;
  sweep();
  auto lock = Lock::take(lab.name, std::chrono::seconds(10));
  if (!lock) return pass(lock.error());
  if (load(lab.name))
    return fail(ErrorKind::exists, "lab '{}' is up already: 'relevo lab down --name {}' removes it", lab.name,
                lab.name);
  static_cast<void>(take_down(lab.name));  // namespaces whose records are gone
  auto built = build(lab, tell);
  if (!built) {
    static_cast<void>(take_down(lab.name));
    lock->remove();
  }
  return built;
}

int up_main(const std::vector<std::string>& args) {
  Lab lab;
  auto options = lab_options({"relevo lab up [--nodes N] [--links K] [--vip ADDR/PREFIX] [--bare] [--dns]",
                              "Makes N hosts and a client on this machine and starts a cluster on them."},
                             lab.name);
  options.number("--nodes", "how many nodes (default: 3)", lab.nodes, 1, max_nodes);
  options.number("--links", "how many networks between them (default: 1)", lab.links, 1, max_lab_links);
  options.value("--vip", "ADDR/PREFIX", "make a virtual IP resource, for example 172.31.0.100/16", lab.vip);
  options.flag("--bare", "the hosts only: no cluster is configured or started", lab.bare);
  options.flag("--dns", "a name server too: www.example.com is the virtual IP", lab.dns);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (lab.bare && !lab.vip.empty())
    return print_usage_error("--vip makes a cluster resource and --bare makes no cluster: choose one");
  if (auto up = bring_up(lab, [](const std::string& line) { print_line(line); }); !up) return print_error(up.error());
  say("Lab '{}' is up. Try: relevo lab exec{} nodo1 -- {}", lab.name, lab.name == "lab" ? "" : " --name " + lab.name,
      lab.bare ? "ip address" : "crm_mon -1");
  return exit_ok;
}

}  // namespace relevo::cli::lab
