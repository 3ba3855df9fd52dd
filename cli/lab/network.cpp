// Building and removing the lab's network with iproute2's batch mode: few processes, all or an error.
#include "cli/lab/network.hpp"

#include "cli/lab/namespaces.hpp"

namespace relevo::cli::lab {
namespace {

Status batch(const std::string& netns, const std::string& lines) {
  auto done = run_tool("ip", {"-n", netns, "-batch", "-"}, lines);
  if (!done) return in_context(done.error(), netns);
  return {};
}

Status add_netns(const std::string& name) {
  if (auto done = run_tool("ip", {"netns", "add", name}); !done) return pass(done.error());
  return batch(name, "link set lo up\n");
}

}  // namespace

Status build_switch(const Lab& lab) {
  const auto netns = switch_namespace(lab);
  if (auto added = add_netns(netns); !added) return added;
  std::string lines;
  for (std::uint32_t link = 0; link < lab.links; ++link) {
    const auto bridge = bridge_of(link);
    // No spanning tree and no delay: a plugged cable carries packets at once, as on a plain switch.
    lines += fmt::format("link add {} type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n", bridge);
    lines += fmt::format("link set {} addrgenmode none\nlink set {} up\n", bridge, bridge);
  }
  return batch(netns, lines);
}

Status plug_in(const Lab& lab, const Host& host) {
  const auto netns = namespace_of(lab, host);
  if (auto added = add_netns(netns); !added) return added;
  std::string cables;
  std::string inside;
  std::string plugs;
  for (std::uint32_t link = 0; link < lab.links; ++link) {
    const auto port = port_of(host, link);
    const auto interface = interface_of(link);
    cables += fmt::format("link add {} type veth peer name {} address {} netns {}\nlink set {} addrgenmode none\n",
                          port, interface, mac_of(host, link), netns, port);
    inside += fmt::format("addr add {}/{} brd + dev {}\n", address_of(host, link), prefix_of(lab), interface);
    inside += fmt::format("link set {} up\n", interface);
    plugs += fmt::format("link set {} up\nlink set {} master {}\n", port, port, bridge_of(link));
  }
  // The host's end first, the bridge last: then the port carries packets at once. In the other order the kernel
  // tells the bridge of the new carrier only up to a second later.
  if (auto done = batch(switch_namespace(lab), cables); !done) return done;
  if (auto done = batch(netns, inside); !done) return done;
  return batch(switch_namespace(lab), plugs);
}

void cut_cables(const Lab& lab, const Host& host) {
  for (std::uint32_t link = 0; link < lab.links; ++link)
    static_cast<void>(set_interface(switch_namespace(lab), port_of(host, link), false));
}

void unplug(const Lab& lab, const Host& host) {
  // The ports by name first: the kernel removes a namespace's own interfaces only some time after the namespace.
  std::string lines;
  for (std::uint32_t link = 0; link < lab.links; ++link) lines += fmt::format("link del {}\n", port_of(host, link));
  static_cast<void>(run_tool("ip", {"-force", "-n", switch_namespace(lab), "-batch", "-"}, lines));
  if (netns_exists(namespace_of(lab, host)))
    static_cast<void>(run_tool("ip", {"netns", "del", namespace_of(lab, host)}));
}

}  // namespace relevo::cli::lab
