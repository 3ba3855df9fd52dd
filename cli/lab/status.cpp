// `relevo lab status`: asked of the kernel each time, not remembered.
#include "cli/lab/status.hpp"

#include <nlohmann/json.hpp>

#include "cli/lab/faults.hpp"
#include "cli/lab/namespaces.hpp"
#include "cli/lab/power.hpp"
#include "cli/lab/processes.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::lab {
namespace {

nlohmann::json host_json(const Lab& lab, const Host& host) {
  nlohmann::json json = {{"name", host.name},
                         {"host", full_name(host)},
                         {"namespace", namespace_of(lab, host)},
                         {"power", "off"},
                         {"paused", false},
                         {"pid", nullptr},
                         {"pids", nlohmann::json::array()},
                         {"addresses", nlohmann::json::array()},
                         {"holds_vip", false}};
  const auto machine = machine_of(lab, host);
  if (!machine) return json;
  json["power"] = "on";
  json["paused"] = is_paused(*machine);
  json["pid"] = machine->init.pid;
  for (const auto& inmate : processes_of(machine->init)) json["pids"].push_back(inmate.id.pid);
  const auto addresses = addresses_in(namespace_of(lab, host));
  if (!addresses) return json;
  for (const auto& address : *addresses) {
    json["addresses"].push_back(
        {{"interface", address.interface}, {"address", fmt::format("{}/{}", address.address, address.prefix)}});
    if (address.address == vip_address(lab)) json["holds_vip"] = true;
  }
  return json;
}

void print_host(const nlohmann::json& host) {
  std::string addresses;
  for (const auto& address : host["addresses"]) addresses += " " + address["address"].get<std::string>();
  say("{:<8} {:<18} {:<7} {:>3} processes {}{}", host["name"].get<std::string>(), host["namespace"].get<std::string>(),
      host["paused"].get<bool>() ? "paused" : host["power"].get<std::string>(), host["pids"].size(), addresses,
      host["holds_vip"].get<bool>() ? "  <- virtual IP" : "");
}

}  // namespace

std::vector<std::string> vip_holders(const Lab& lab) {
  std::vector<std::string> holders;
  for (const auto& host : hosts_of(lab)) {
    if (host.role != Host::Role::node || !machine_of(lab, host)) continue;
    const auto addresses = addresses_in(namespace_of(lab, host));
    if (!addresses) continue;
    for (const auto& address : *addresses)
      if (address.address == vip_address(lab)) {
        holders.push_back(host.name);
        break;
      }
  }
  return holders;
}

int status_main(const std::vector<std::string>& args) {
  std::string name = "lab";
  bool as_json = false;
  auto options =
      lab_options({"relevo lab status [--json]", "The hosts, their addresses, and who has the virtual IP."}, name);
  options.flag("--json", "for programs", as_json);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (auto rights = check_rights(); !rights) return print_error(rights.error());
  const auto lab = load(name);
  if (!lab) return print_error(lab.error());
  nlohmann::json json = {{"name", lab->name},
                         {"links", lab->links},
                         {"bare", lab->bare},
                         {"vip", vip_address(*lab)},
                         {"nodes", nlohmann::json::array()},
                         {"others", nlohmann::json::array()},
                         {"vip_holders", vip_holders(*lab)},
                         {"faults", nlohmann::json::array()}};
  for (const auto& host : hosts_of(*lab))
    json[host.role == Host::Role::node ? "nodes" : "others"].push_back(host_json(*lab, host));
  if (const auto faults = load_faults(*lab)) json["faults"] = describe(*faults);
  if (as_json) {
    print_json(json);
    return exit_ok;
  }
  for (const auto* group : {"nodes", "others"})
    for (const auto& host : json[group]) print_host(host);
  for (const auto& fault : json["faults"]) say("fault: {}", fault.get<std::string>());
  return exit_ok;
}

}  // namespace relevo::cli::lab
