// See addresses.hpp.
#include "common/net/addresses.hpp"

#include <linux/if_addr.h>

#include <cerrno>

#include "common/net/netlink.hpp"

namespace relevo::net {
namespace {

std::optional<InterfaceAddress> read_address(const nlmsghdr* message) {
  const auto* info = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
  const Attributes attributes(message, sizeof(ifaddrmsg));
  auto ip = attributes.ip(IFA_LOCAL);  // on point-to-point links IFA_ADDRESS is the peer
  if (!ip) ip = attributes.ip(IFA_ADDRESS);
  if (!ip) return std::nullopt;
  InterfaceAddress address;
  address.ip = *ip;
  address.prefix = info->ifa_prefixlen;
  address.interface = static_cast<int>(info->ifa_index);
  address.label = attributes.text(IFA_LABEL);
  address.broadcast = attributes.ip(IFA_BROADCAST);
  const auto flags = attributes.u32(IFA_FLAGS).value_or(info->ifa_flags);
  address.no_dad = (flags & IFA_F_NODAD) != 0;
  address.no_prefix_route = (flags & IFA_F_NOPREFIXROUTE) != 0;
  address.tentative = (flags & IFA_F_TENTATIVE) != 0;
  address.dad_failed = (flags & IFA_F_DADFAILED) != 0;
  if (const auto* cache = attributes[IFA_CACHEINFO]; cache != nullptr && mnl_attr_get_payload_len(cache) >= 8) {
    const auto* times = static_cast<const ifa_cacheinfo*>(mnl_attr_get_payload(cache));
    address.preferred_lft = times->ifa_prefered;
    address.valid_lft = times->ifa_valid;
  }
  return address;
}

void fill(Request& request, const InterfaceAddress& address, bool lifetimes) {
  auto* info = request.extra<ifaddrmsg>();
  info->ifa_family = family_of(address.ip);
  info->ifa_prefixlen = address.prefix;
  info->ifa_index = static_cast<std::uint32_t>(address.interface);
  info->ifa_scope = RT_SCOPE_UNIVERSE;
  request.put_ip(IFA_LOCAL, address.ip);
  request.put_ip(IFA_ADDRESS, address.ip);
  const bool v4 = address.ip.family == Address::Family::v4;
  if (v4 && !address.label.empty()) request.put_text(IFA_LABEL, address.label);
  if (!lifetimes) return;
  if (v4 && address.broadcast) request.put_ip(IFA_BROADCAST, *address.broadcast);
  std::uint32_t flags = address.no_prefix_route ? std::uint32_t{IFA_F_NOPREFIXROUTE} : 0;
  if (address.no_dad && !v4) flags |= IFA_F_NODAD;
  if (flags != 0) request.put_u32(IFA_FLAGS, flags);
  if (address.metric) request.put_u32(IFA_RT_PRIORITY, *address.metric);
  ifa_cacheinfo times{};
  times.ifa_prefered = address.preferred_lft;
  times.ifa_valid = address.valid_lft;
  request.put(IFA_CACHEINFO, &times, sizeof(times));
}

ErrorKind kind_of(int error) {
  switch (error) {
    case EEXIST:
      return ErrorKind::exists;
    case EADDRNOTAVAIL:
      return ErrorKind::not_found;
    case EPERM:
      return ErrorKind::permission;
    default:
      return ErrorKind::failed;
  }
}

Status change(std::uint16_t type, std::uint16_t flags, const InterfaceAddress& address,
              const std::string& interface_name, std::string_view what) {
  auto netlink = Netlink::open();
  if (!netlink) return pass(netlink.error());
  Request request(type, flags);
  fill(request, address, type == RTM_NEWADDR);
  if (auto done = netlink->change(request); !done) {
    return fail(kind_of(netlink->last_errno()), "{} {}/{} on {}: {}", what, ip_text(address.ip), address.prefix,
                interface_name, done.error().message);
  }
  return {};
}

}  // namespace

Result<std::vector<InterfaceAddress>> addresses() {
  auto netlink = Netlink::open();
  if (!netlink) return pass(netlink.error());
  Request request(RTM_GETADDR, NLM_F_DUMP);
  request.extra<ifaddrmsg>()->ifa_family = AF_UNSPEC;
  std::vector<InterfaceAddress> list;
  auto done = netlink->query(request, [&](const nlmsghdr* message) {
    if (message->nlmsg_type != RTM_NEWADDR) return;
    if (auto address = read_address(message)) list.push_back(std::move(*address));
  });
  if (!done) return in_context(done.error(), "listing the addresses");
  return list;
}

Status add_address(const InterfaceAddress& address, const std::string& interface_name) {
  return change(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address, interface_name, "adding address");
}

Status extend_address(const InterfaceAddress& address, const std::string& interface_name) {
  return change(RTM_NEWADDR, NLM_F_REPLACE, address, interface_name, "renewing address");
}

Status remove_address(const InterfaceAddress& address, const std::string& interface_name) {
  return change(RTM_DELADDR, 0, address, interface_name, "removing address");
}

bool in_network(const Address& address, const Address& network, std::uint8_t prefix) {
  if (address.family != network.family) return false;
  for (std::size_t i = 0; i < ip_size(address); ++i) {
    const auto left = static_cast<int>(prefix) - static_cast<int>(8 * i);
    if (left <= 0) return true;
    const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xff : 0xff << (8 - left));
    if ((address.bytes[i] & mask) != (network.bytes[i] & mask)) return false;
  }
  return true;
}

Address broadcast_of(const Address& address, std::uint8_t prefix) {
  auto result = address;
  for (std::size_t bit = prefix; bit < 32; ++bit) {
    result.bytes[bit / 8] = static_cast<std::uint8_t>(result.bytes[bit / 8] | (0x80U >> (bit % 8)));
  }
  return result;
}

}  // namespace relevo::net
