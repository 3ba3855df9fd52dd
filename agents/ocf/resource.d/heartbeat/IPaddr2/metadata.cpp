// What ocf:heartbeat:IPaddr2 says about itself. Parameter names and defaults are those of the agent it stands in for.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/settings.hpp"

namespace relevo::agents::ipaddr2 {
namespace {

std::vector<ParameterInfo> parameters() {
  const std::string only_default = "Accepted for compatibility; any value but the default is refused.";
  return {
      {"ip", "string", "", "IPv4 or IPv6 address", "The virtual address to bring up, in dotted or colon notation.",
       true, true},
      {"nic", "string", "", "Network interface",
       "Where the address goes. Left out, it is the interface whose network contains it. A label may follow a colon."},
      {"cidr_netmask", "string", "", "Prefix length",
       "24 or 255.255.255.0. Left out, it is that of the network the address belongs to."},
      {"broadcast", "string", "", "Broadcast address", "IPv4 only. Left out, it follows from the prefix."},
      {"proto", "string", "", "Protocol of the address", only_default},
      {"iflabel", "string", "", "Interface label",
       "IPv4 only: the address is labelled NIC:LABEL. At most 15 characters in all."},
      {"lvs_support", "boolean", "false", "LVS direct routing", only_default},
      {"lvs_ipv6_addrlabel", "boolean", "true", "IPv6 address labels for LVS",
       "Means something only with lvs_support."},
      {"lvs_ipv6_addrlabel_value", "integer", "99", "Value of the IPv6 address label",
       "Means something only with lvs_support."},
      {"clusterip_hash", "string", "sourceip-sourceport", "Hash of a shared address", only_default},
      {"clusterip_firewall", "string", "auto", "Firewall tool of a shared address", only_default},
      {"clusterip_hash_seed", "string", "", "Hash seed of a shared address", only_default},
      {"clusterip_table", "string", "mangle", "Firewall table of a shared address", only_default},
      {"clusterip_chain", "string", "PREROUTING", "Firewall chain of a shared address", only_default},
      {"clusterip_mac_mangle", "boolean", "false", "Rewriting of the shared MAC", only_default},
      {"mac", "string", "", "MAC of a shared address", only_default},
      {"unique_clone_address", "boolean", "false", "One address for each clone instance",
       "Adds the instance's number to the last octet."},
      {"arp_interval", "integer", "200", "Milliseconds between announcements",
       "Gratuitous ARP packets and neighbour advertisements."},
      {"arp_count", "integer", "5", "Number of announcements after a start",
       "The first is sent before the start ends."},
      {"arp_count_refresh", "integer", "0", "Number of announcements at each monitor", "0 sends none."},
      {"arp_bg", "boolean", "", "Announce in the background",
       "All announcements but the first are always sent in the background."},
      {"arp_sender", "string", "", "Program that announces",
       "send_arp, iputils_arping, libnet_arping or ipoibarping; announcements are native whatever is named."},
      {"send_arp_opts", "string", "", "Options of that program", "Without effect: announcements are native."},
      {"flush_routes", "boolean", "false", "Flush the routing cache at stop",
       "Without effect: Linux has had no such cache since 3.6."},
      {"run_arping", "boolean", "false", "Look for a duplicate IPv4 address", only_default},
      {"nodad", "boolean", "false", "No duplicate address detection", "IPv6 only: the address is usable at once."},
      {"noprefixroute", "boolean", "false", "No route to the network",
       "The kernel does not add a route for the address's network."},
      {"preferred_lft", "string", "forever", "Preferred lifetime",
       "Seconds, or forever; 0 keeps the address from being chosen as a source."},
      {"network_namespace", "string", "", "Network namespace",
       "Name of the namespace (ip netns) that the address lives in."},
      {"check_link_status", "boolean", "true", "Check the link",
       "An address on an interface without a carrier does not count as running."},
  };
}

}  // namespace

Metadata metadata() {
  Metadata m;
  m.name = "IPaddr2";
  m.version = "1.0";
  m.short_text = "Manages virtual IPv4 and IPv6 addresses";
  m.long_text =
      "Adds a virtual IP address to an interface, tells the neighbours about it, and removes it again. "
      "Native: addresses by netlink, announcements by raw socket, no other program is run.";
  m.parameters = parameters();
  m.actions = {
      {"start", "20s"},        {"stop", "20s"},    {"status", "20s", "10s", "0"}, {"monitor", "20s", "10s", "0"},
      {"validate-all", "20s"}, {"meta-data", "5s"}};
  return m;
}

}  // namespace relevo::agents::ipaddr2
