// See presence.hpp.
#include "agents/ocf/resource.d/heartbeat/IPaddr2/presence.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace relevo::agents::ipaddr2 {
namespace {

Condition condition_of(const Settings& s, const net::InterfaceAddress& address, const net::Link& link) {
  if (address.dad_failed) return Condition::duplicate;
  // The carrier itself: the operational state is late by up to a second, in both directions.
  if (s.check_link_status && (!link.up || !link.lower_up)) return Condition::link_down;
  const bool labelled =
      s.label.empty() || s.ip.family == Address::Family::v6 || address.label == link.name + ":" + s.label;
  return labelled ? Condition::good : Condition::unlabelled;
}

/// The prefix start would use; none when it cannot be known now.
std::optional<std::uint8_t> wanted_prefix(const Settings& s) {
  if (s.prefix) return s.prefix;
  const auto place = net::find_interface(s.ip, s.nic, {});
  return place ? std::optional(place->prefix) : std::nullopt;
}

}  // namespace

Status enter_namespace(const Settings& s) {
  if (s.network_namespace.empty()) return {};
  const auto path = "/run/netns/" + s.network_namespace;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail("network namespace {}: {}", s.network_namespace, ::strerrordesc_np(errno));
  const int done = ::setns(fd, CLONE_NEWNET);
  const int error = errno;
  ::close(fd);
  if (done != 0) return fail("network namespace {}: {}", s.network_namespace, ::strerrordesc_np(error));
  return {};
}

Result<std::vector<net::InterfaceAddress>> copies(const Settings& s) {
  auto list = net::addresses();
  if (!list) return pass(list.error());
  const auto prefix = wanted_prefix(s);
  std::erase_if(*list, [&](const net::InterfaceAddress& address) {
    return address.ip != s.ip || (prefix && address.prefix != *prefix);
  });
  return list;
}

Result<Presence> find_presence(const Settings& s) {
  const auto found = copies(s);
  if (!found) return pass(found.error());
  if (found->empty()) return Presence{};
  const auto links = net::links();
  if (!links) return pass(links.error());
  for (const auto& address : *found) {
    for (const auto& link : *links) {
      // IPsec's virtual interfaces carry a copy of the address of the real one.
      if (link.index != address.interface || link.name.starts_with("ipsec")) continue;
      return Presence{condition_of(s, address, link), address, link};
    }
  }
  return Presence{};
}

}  // namespace relevo::agents::ipaddr2
