// System calls inside a network namespace. What to do there is decided elsewhere.
#include "cli/lab/namespaces.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "common/io/fd.hpp"

namespace relevo::cli::lab {
namespace {

unsigned prefix_length(const std::uint8_t* mask, std::size_t size) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < size; ++i) bits += static_cast<unsigned>(std::popcount(mask[i]));
  return bits;
}

/// One entry of getifaddrs, when it is an address worth telling.
bool read_entry(const ifaddrs& entry, InterfaceAddress& out) {
  if (!entry.ifa_addr || !entry.ifa_netmask || (entry.ifa_flags & IFF_LOOPBACK) != 0) return false;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (entry.ifa_addr->sa_family == AF_INET) {
    sockaddr_in address{};
    sockaddr_in mask{};
    std::memcpy(&address, entry.ifa_addr, sizeof address);
    std::memcpy(&mask, entry.ifa_netmask, sizeof mask);
    ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    out.prefix = static_cast<unsigned>(std::popcount(mask.sin_addr.s_addr));
  } else if (entry.ifa_addr->sa_family == AF_INET6) {
    sockaddr_in6 address{};
    sockaddr_in6 mask{};
    std::memcpy(&address, entry.ifa_addr, sizeof address);
    std::memcpy(&mask, entry.ifa_netmask, sizeof mask);
    if (address.sin6_addr.s6_addr[0] == 0xfe && (address.sin6_addr.s6_addr[1] & 0xc0) == 0x80) return false;
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    out.prefix = prefix_length(mask.sin6_addr.s6_addr, 16);
  } else {
    return false;
  }
  out.interface = entry.ifa_name;
  out.address = text.data();
  return true;
}

}  // namespace

std::string netns_path(const std::string& name) { return "/run/netns/" + name; }

bool netns_exists(const std::string& name) {
  struct stat info{};
  return ::stat(netns_path(name).c_str(), &info) == 0;
}

NamespaceId namespace_id(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return {0, 0};
  return {info.st_dev, info.st_ino};
}

Status in_netns(const std::string& name, const std::function<Status()>& work) {
  const io::Fd home(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  const io::Fd there(::open(netns_path(name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!there.valid()) return fail(ErrorKind::not_found, "there is no network namespace '{}'", name);
  if (!home.valid() || ::setns(there.get(), CLONE_NEWNET) != 0)
    return fail(ErrorKind::permission, "entering the namespace {}: {}", name, io::errno_text(errno));
  auto done = work();
  if (::setns(home.get(), CLONE_NEWNET) != 0 && done)
    return fail("leaving the namespace {}: {}", name, io::errno_text(errno));
  return done;
}

Status set_interface(const std::string& netns, const std::string& interface, bool up) {
  return in_netns(netns, [&]() -> Status {
    const io::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    if (!socket.valid() || ::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0)
      return fail(ErrorKind::not_found, "{} in {}: {}", interface, netns, io::errno_text(errno));
    const auto flags = static_cast<unsigned>(static_cast<unsigned short>(request.ifr_flags));
    request.ifr_flags = static_cast<short>(up ? flags | IFF_UP : flags & ~static_cast<unsigned>(IFF_UP));
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
      return fail("{} in {}: {}", interface, netns, io::errno_text(errno));
    return {};
  });
}

Result<std::vector<InterfaceAddress>> addresses_in(const std::string& netns) {
  std::vector<InterfaceAddress> found;
  const auto done = in_netns(netns, [&]() -> Status {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return fail("addresses in {}: {}", netns, io::errno_text(errno));
    for (const auto* entry = list; entry; entry = entry->ifa_next)
      if (InterfaceAddress address; read_entry(*entry, address)) found.push_back(address);
    ::freeifaddrs(list);
    return {};
  });
  if (!done) return pass(done.error());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.interface, a.address) < std::tie(b.interface, b.address);
  });
  return found;
}

}  // namespace relevo::cli::lab
