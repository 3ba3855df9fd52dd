// Which node of the node list this host is, and what the names in it resolve to.
#include "membership/daemon/local_node.hpp"

#include <ifaddrs.h>
#include <netdb.h>
#include <unistd.h>

#include <algorithm>

#include "common/base/text.hpp"
#include "common/io/sockaddr.hpp"

namespace relevo::membership {
namespace {

using config::IpVersion;

/// How much an address of this kind is wanted; 0 = not at all. Equal wishes keep the resolver's order.
int wish(Address::Family family, IpVersion version) {
  const bool four = family == Address::Family::v4;
  switch (version) {
    case IpVersion::system: return 1;
    case IpVersion::ipv4: return four ? 1 : 0;
    case IpVersion::ipv6: return four ? 0 : 1;
    case IpVersion::ipv4_6: return four ? 2 : 1;
    case IpVersion::ipv6_4: break;
  }
  return four ? 1 : 2;
}

Result<Address> resolve(const std::string& name, IpVersion version) {
  if (const auto ip = parse_ip(name)) return *ip;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (error != 0 || found == nullptr) {
    return fail(ErrorKind::not_found, "the name '{}' does not resolve: {}", name, ::gai_strerror(error));
  }
  Address best;
  int best_wish = 0;
  for (const addrinfo* i = found; i != nullptr; i = i->ai_next) {
    const auto address = io::from_sockaddr(i->ai_addr);
    if (address.family == Address::Family::none || wish(address.family, version) <= best_wish) continue;
    best = address;
    best_wish = wish(address.family, version);
  }
  ::freeaddrinfo(found);
  if (best_wish == 0) return fail(ErrorKind::not_found, "the name '{}' has no address of the kind that ip_version asks for", name);
  best.port = 0;
  return best;
}

/// Source: corosync.conf(5), ip_version: the nodes of a link are of one kind, links may differ.
Status check_families(const config::ClusterConfig& config, const NodeAddresses& addresses) {
  const auto& first = addresses.at(config.nodes.front().id);
  for (const auto& node : config.nodes) {
    const auto& list = addresses.at(node.id);
    for (std::size_t link = 0; link < list.size(); ++link)
      if (list[link].family != first[link].family)
        return fail(ErrorKind::invalid, "nodelist: ring{}_addr of node {} and of node {}: one is IPv4, the other IPv6", link,
                    config.nodes.front().id, node.id);
  }
  return {};
}

std::string short_name(std::string_view name) { return to_lower(name.substr(0, name.find('.'))); }

/// The address alone, for comparing.
Address bare(Address address) {
  address.port = 0;
  address.scope = 0;
  return address;
}

bool has_address(const HostFacts& host, const std::vector<Address>& addresses) {
  return std::any_of(addresses.begin(), addresses.end(), [&](const Address& a) {
    return std::find(host.addresses.begin(), host.addresses.end(), bare(a)) != host.addresses.end();
  });
}

}  // namespace

HostFacts host_facts() {
  HostFacts facts;
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) == 0) facts.name = name;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return facts;
  for (const ifaddrs* i = all; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr) continue;
    const auto address = bare(io::from_sockaddr(i->ifa_addr));
    if (address.family != Address::Family::none) facts.addresses.push_back(address);
  }
  ::freeifaddrs(all);
  return facts;
}

Result<NodeAddresses> resolve_nodes(const config::ClusterConfig& config) {
  NodeAddresses out;
  for (const auto& node : config.nodes) {
    auto& list = out[node.id];
    for (std::size_t link = 0; link < node.addresses.size(); ++link) {
      auto address = resolve(node.addresses[link], config.totem.ip_version);
      if (!address) {
        return in_context(address.error(), fmt::format("nodelist: node {} ({}): ring{}_addr", node.id, node.name, link));
      }
      address->port = config::port_of_link(config, link);
      list.push_back(*address);
    }
  }
  if (auto ok = check_families(config, out); !ok) return pass(ok.error());
  return out;
}

Result<NodeId> find_local_node(const config::ClusterConfig& config, const NodeAddresses& addresses,
                               const HostFacts& host) {
  for (const auto& node : config.nodes) {
    if (equals_ignoring_case(node.name, host.name)) return node.id;
  }
  for (const auto& node : config.nodes) {
    // An address as a name has no short form: 10.0.0.1 is not 10.0.0.2.
    if (!parse_ip(node.name) && short_name(node.name) == short_name(host.name)) return node.id;
  }
  for (const auto& node : config.nodes) {
    const auto found = addresses.find(node.id);
    if (found != addresses.end() && has_address(host, found->second)) return node.id;
  }
  std::vector<std::string> names;
  for (const auto& node : config.nodes) names.push_back(node.name);
  return fail(ErrorKind::not_found,
              "this host is not in the node list: no node is called '{}' and none has an address of this host (nodes: {})",
              host.name, join(names, ", "));
}

}  // namespace relevo::membership
