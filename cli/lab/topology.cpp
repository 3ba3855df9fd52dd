// Names and addresses of a lab, as DESIGN section 5 fixes them. Pure computation.
#include "cli/lab/topology.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base/address.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lab {

Status check_lab_name(const std::string& name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.empty() || name.size() > 40 || name[0] == '-' || !std::all_of(name.begin(), name.end(), allowed))
    return fail(ErrorKind::invalid, "'{}' cannot name a lab: lower-case letters, digits and dashes, at most 40", name);
  return {};
}

Status check_vip(const Lab& lab) {
  if (lab.vip.empty()) return {};
  const auto parts = split(lab.vip, '/');
  const auto address = parse_ip(parts[0]);
  const auto prefix = parts.size() == 2 ? parse_uint(parts[1]) : std::nullopt;
  if (!address || !prefix)
    return fail(ErrorKind::invalid, "--vip takes ADDRESS/PREFIX, for example 172.31.0.100/16, not '{}'", lab.vip);
  const auto most = address->family == Address::Family::v4 ? 32U : 128U;
  if (*prefix == 0 || *prefix > most) return fail(ErrorKind::invalid, "--vip: the prefix goes from 1 to {}", most);
  for (const auto& host : hosts_of(lab))
    for (std::uint32_t link = 0; link < lab.links; ++link)
      if (address_of(host, link) == parts[0])
        return fail(ErrorKind::invalid, "--vip: {} is the address of {} itself", parts[0], host.name);
  return {};
}

std::vector<Host> hosts_of(const Lab& lab) {
  std::vector<Host> hosts;
  for (std::uint32_t n = 1; n <= lab.nodes; ++n)
    hosts.push_back({fmt::format("nodo{}", n), Host::Role::node, n, 10 + n});
  hosts.push_back({"client", Host::Role::client, 0, 1});
  if (lab.dns) hosts.push_back({"dns", Host::Role::dns, 0, 10});
  return hosts;
}

Result<Host> find_host(const Lab& lab, const std::string& word) {
  std::vector<std::string> names;
  for (auto& host : hosts_of(lab)) {
    if (word == host.name || word == full_name(host) || (host.number != 0 && word == std::to_string(host.number)))
      return std::move(host);
    names.push_back(host.name);
  }
  return fail(ErrorKind::not_found, "lab '{}' has no host '{}': it has {}", lab.name, word, join(names, ", "));
}

std::string full_name(const Host& host) { return host.name + ".example.com"; }
std::string namespace_of(const Lab& lab, const Host& host) { return lab.name + "-" + host.name; }
std::string switch_namespace(const Lab& lab) { return lab.name + "-net"; }
std::string port_of(const Host& host, std::uint32_t link) { return fmt::format("{}-{}", host.name, link); }
std::string bridge_of(std::uint32_t link) { return fmt::format("link{}", link); }
std::string interface_of(std::uint32_t link) { return fmt::format("eth{}", link); }

std::string address_of(const Host& host, std::uint32_t link) { return fmt::format("172.31.{}.{}", link, host.octet); }

std::string mac_of(const Host& host, std::uint32_t link) {
  return fmt::format("02:00:ac:1f:{:02x}:{:02x}", link, host.octet);
}

std::uint32_t prefix_of(const Lab& lab) { return lab.links == 1 ? 16 : 24; }

std::string vip_address(const Lab& lab) { return lab.vip.empty() ? "172.31.0.100" : split(lab.vip, '/')[0]; }

nlohmann::json to_json(const Lab& lab) {
  return {{"name", lab.name},   {"nodes", lab.nodes},         {"links", lab.links},
          {"vip", lab.vip},     {"bare", lab.bare},           {"dns", lab.dns},
          {"ready", lab.ready}, {"owner_pid", lab.owner.pid}, {"owner_start", lab.owner.start}};
}

Result<Lab> lab_from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return fail("it is no lab's description");
  Lab lab;
  const auto number = [&](const char* key, std::uint64_t fallback) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : fallback;
  };
  const auto text_of = [&](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  const auto truth = [&](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_boolean() && it->get<bool>();
  };
  lab.name = text_of("name");
  lab.nodes = static_cast<std::uint32_t>(std::min<std::uint64_t>(number("nodes", 0), max_nodes));
  lab.links = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(number("links", 1), 1, max_lab_links));
  lab.vip = text_of("vip");
  lab.bare = truth("bare");
  lab.dns = truth("dns");
  lab.ready = truth("ready");
  lab.owner = {static_cast<pid_t>(number("owner_pid", 0)), number("owner_start", 0)};
  if (auto named = check_lab_name(lab.name); !named) return pass(named.error());
  return lab;
}

}  // namespace relevo::cli::lab
