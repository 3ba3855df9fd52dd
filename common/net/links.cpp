// See links.hpp.
#include "common/net/links.hpp"

#include <linux/if.h>
#include <net/if_arp.h>

#include <algorithm>
#include <cerrno>

#include "common/net/netlink.hpp"

namespace relevo::net {
namespace {

std::vector<std::uint8_t> hardware_address(const nlattr* attribute) {
  if (attribute == nullptr) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
  return {bytes, bytes + mnl_attr_get_payload_len(attribute)};
}

int take_alt_name(const nlattr* attribute, void* data) {
  if (mnl_attr_get_type(attribute) == IFLA_ALT_IFNAME) {
    static_cast<std::vector<std::string>*>(data)->emplace_back(mnl_attr_get_str(attribute));
  }
  return MNL_CB_OK;
}

Link read_link(const nlmsghdr* message) {
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  const Attributes attributes(message, sizeof(ifinfomsg));
  Link link;
  link.index = info->ifi_index;
  link.name = attributes.text(IFLA_IFNAME);
  link.up = (info->ifi_flags & IFF_UP) != 0;
  link.lower_up = (info->ifi_flags & IFF_LOWER_UP) != 0;
  link.loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
  link.arp = (info->ifi_flags & IFF_NOARP) == 0;
  link.hardware = info->ifi_type;
  link.mac = hardware_address(attributes[IFLA_ADDRESS]);
  link.broadcast = hardware_address(attributes[IFLA_BROADCAST]);
  if (const auto* state = attributes[IFLA_OPERSTATE]) {
    const auto value = mnl_attr_get_u8(state);
    link.operational = value != IF_OPER_DOWN && value != IF_OPER_LOWERLAYERDOWN;
  }
  if (const auto* list = attributes[IFLA_PROP_LIST]) mnl_attr_parse_nested(list, take_alt_name, &link.alt_names);
  return link;
}

}  // namespace

Result<std::vector<Link>> links() {
  auto netlink = Netlink::open();
  if (!netlink) return pass(netlink.error());
  Request request(RTM_GETLINK, NLM_F_DUMP);
  request.extra<ifinfomsg>()->ifi_family = AF_UNSPEC;
  std::vector<Link> list;
  auto done = netlink->query(request, [&](const nlmsghdr* message) {
    if (message->nlmsg_type == RTM_NEWLINK) list.push_back(read_link(message));
  });
  if (!done) return in_context(done.error(), "listing the interfaces");
  std::sort(list.begin(), list.end(), [](const Link& a, const Link& b) { return a.index < b.index; });
  return list;
}

Result<Link> find_link(std::string_view name) {
  auto list = links();
  if (!list) return pass(list.error());
  for (auto& link : *list) {
    const auto& others = link.alt_names;
    if (link.name == name || std::find(others.begin(), others.end(), name) != others.end()) return std::move(link);
  }
  return fail(ErrorKind::not_found, "interface {} does not exist", name);
}

Status set_link_up(const Link& link) {
  auto netlink = Netlink::open();
  if (!netlink) return pass(netlink.error());
  Request request(RTM_NEWLINK, 0);
  auto* info = request.extra<ifinfomsg>();
  info->ifi_family = AF_UNSPEC;
  info->ifi_index = link.index;
  info->ifi_flags = IFF_UP;
  info->ifi_change = IFF_UP;
  if (auto done = netlink->change(request); !done) {
    return fail(netlink->last_errno() == EPERM ? ErrorKind::permission : ErrorKind::failed,
                "bringing interface {} up: {}", link.name, done.error().message);
  }
  return {};
}

}  // namespace relevo::net
