// The text of a host's own files.
#include "cli/lab/guest_files.hpp"

namespace relevo::cli::lab {
namespace {

std::string hosts_file(const Lab& lab, const Host& self) {
  auto text = fmt::format("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
  for (const auto& host : hosts_of(lab))
    text += fmt::format("{} {} {}\n", address_of(host, 0), full_name(host), host.name);
  // With a DNS host the service's name must come from it, as in the tutorial.
  if (!lab.dns) text += fmt::format("{} www.example.com www\n", vip_address(lab));
  if (self.role == Host::Role::node)
    for (std::uint32_t link = 1; link < lab.links; ++link)
      text += fmt::format("{} {}-link{}\n", address_of(self, link), self.name, link);
  return text;
}

std::string resolv_conf(const Lab& lab) {
  if (!lab.dns) return "# this lab has no DNS host: 'relevo lab up --dns' makes one\n";
  return "search example.com\nnameserver 172.31.0.10\noptions timeout:1 attempts:2\n";
}

}  // namespace

std::string cluster_conf(const Lab& lab) {
  auto text =
      fmt::format("totem {{\n    version: 2\n    cluster_name: cluster1\n    transport: {}\n}}\n\nnodelist {{\n",
                  lab.links == 1 ? "udp" : "knet");
  for (const auto& host : hosts_of(lab)) {
    if (host.role != Host::Role::node) continue;
    text += "    node {\n";
    for (std::uint32_t link = 0; link < lab.links; ++link)
      text += fmt::format("        ring{}_addr: {}\n", link, address_of(host, link));
    text += fmt::format("        name: {}\n        nodeid: {}\n    }}\n\n", full_name(host), host.number);
  }
  text += "}\n\nquorum {\n    provider: corosync_votequorum\n";
  if (lab.nodes == 2) text += "    two_node: 1\n";
  return text +
         "}\n\nlogging {\n    to_logfile: yes\n    logfile: /var/log/relevo/cluster.log\n"
         "    to_syslog: no\n    timestamp: on\n}\n";
}

std::vector<GuestFile> guest_files(const Lab& lab, const Host& host, const std::string& key) {
  std::vector<GuestFile> files = {{"/etc/hostname", full_name(host) + "\n", 0644},
                                  {"/etc/hosts", hosts_file(lab, host), 0644},
                                  {"/etc/resolv.conf", resolv_conf(lab), 0644}};
  if (host.role == Host::Role::node && !lab.bare) {
    files.push_back({"/etc/relevo/cluster.conf", cluster_conf(lab), 0644});
    files.push_back({"/etc/relevo/authkey", key, 0400});
  }
  return files;
}

}  // namespace relevo::cli::lab
