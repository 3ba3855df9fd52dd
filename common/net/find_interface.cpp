// See find_interface.hpp.
#include "common/net/find_interface.hpp"

#include <vector>

#include "common/net/addresses.hpp"
#include "common/net/netlink.hpp"

namespace relevo::net {
namespace {

struct Subnet {
  Address network;
  std::uint8_t prefix = 0;
  int interface = 0;
  std::optional<std::uint32_t> metric;
};

/// Connected routes of the main table: no gateway, no default.
Result<std::vector<Subnet>> connected_routes() {
  auto netlink = Netlink::open();
  if (!netlink) return pass(netlink.error());
  Request request(RTM_GETROUTE, NLM_F_DUMP);
  request.extra<rtmsg>()->rtm_family = AF_UNSPEC;
  std::vector<Subnet> list;
  auto done = netlink->query(request, [&](const nlmsghdr* message) {
    if (message->nlmsg_type != RTM_NEWROUTE) return;
    const auto* info = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
    if (info->rtm_table != RT_TABLE_MAIN || info->rtm_type != RTN_UNICAST || info->rtm_dst_len == 0) return;
    const Attributes attributes(message, sizeof(rtmsg));
    const auto to = attributes.ip(RTA_DST);
    const auto through = attributes.u32(RTA_OIF);
    if (!to || !through || attributes[RTA_GATEWAY] != nullptr) return;
    list.push_back({*to, info->rtm_dst_len, static_cast<int>(*through), attributes.u32(RTA_PRIORITY)});
  });
  if (!done) return in_context(done.error(), "listing the routes");
  return list;
}

bool is_link_local(const Address& ip) {
  return ip.family == Address::Family::v6 && ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80;
}

const Subnet* best(const std::vector<Subnet>& list, const Address& ip, int interface) {
  const Subnet* found = nullptr;
  for (const auto& subnet : list) {
    if (interface != 0 && subnet.interface != interface) continue;
    // A link-local network is on every interface: it says nothing unless the interface is given.
    if (interface == 0 && is_link_local(ip)) continue;
    if (!in_network(ip, subnet.network, subnet.prefix)) continue;
    const bool longer = found == nullptr || subnet.prefix > found->prefix;
    const bool cheaper =
        found != nullptr && subnet.prefix == found->prefix && subnet.metric.value_or(0) < found->metric.value_or(0);
    if (longer || cheaper) found = &subnet;
  }
  return found;
}

Result<std::vector<Subnet>> own_subnets() {
  auto list = addresses();
  if (!list) return pass(list.error());
  std::vector<Subnet> subnets;
  for (const auto& address : *list) {
    const bool host = address.prefix == 8 * ip_size(address.ip);
    if (!host) subnets.push_back({address.ip, address.prefix, address.interface, {}});
  }
  return subnets;
}

Result<Link> link_of(int index) {
  auto list = links();
  if (!list) return pass(list.error());
  for (auto& link : *list) {
    if (link.index == index) return std::move(link);
  }
  return fail(ErrorKind::not_found, "interface number {} is gone", index);
}

}  // namespace

Result<Place> find_interface(const Address& ip, const std::string& interface_name, std::optional<std::uint8_t> prefix) {
  std::optional<Link> link;
  if (!interface_name.empty()) {
    auto found = find_link(interface_name);
    if (!found) return pass(found.error());
    link = std::move(*found);
  }
  auto routes = connected_routes();
  if (!routes) return pass(routes.error());
  auto subnets = own_subnets();
  if (!subnets) return pass(subnets.error());
  const int only = link ? link->index : 0;
  const auto* match = best(*routes, ip, only);
  if (match == nullptr) match = best(*subnets, ip, only);
  if (match == nullptr) {
    if (link && prefix) return Place{*link, *prefix, {}};
    if (link) {
      return fail(ErrorKind::not_found, "{} has no network that contains {}: give cidr_netmask", link->name,
                  ip_text(ip));
    }
    return fail(ErrorKind::not_found,
                "no interface of this node has a network that contains {}: give nic and cidr_netmask", ip_text(ip));
  }
  if (!link) {
    auto found = link_of(match->interface);
    if (!found) return pass(found.error());
    link = std::move(*found);
  }
  return Place{*link, prefix.value_or(match->prefix), match->metric};
}

}  // namespace relevo::net
