// See lease.hpp. The record is one line: ip prefix interface seconds.
#include "common/net/lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "common/base/text.hpp"
#include "common/net/netlink.hpp"

namespace relevo::net {

std::string lease_path(const std::string& folder, const std::string& resource) {
  std::string name = resource;
  for (auto& c : name) {
    if (c == '/') c = '_';
  }
  return folder + "/lease-" + name;
}

Status write_lease(const std::string& folder, const std::string& resource, const LeaseRecord& record) {
  const auto path = lease_path(folder, resource);
  const auto temporary = path + ".new";
  const auto line =
      fmt::format("{} {} {} {}\n", ip_text(record.ip), record.prefix, record.interface_name, record.lease.count());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return fail("{}: {}", temporary, errno_text(errno));
  const auto written = ::write(fd, line.data(), line.size());
  ::close(fd);
  // No fsync: after a power cut the address is gone as well.
  if (written != static_cast<ssize_t>(line.size()) || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return fail("{}: {}", path, errno_text(error));
  }
  return {};
}

std::optional<LeaseRecord> read_lease(const std::string& folder, const std::string& resource) {
  const int fd = ::open(lease_path(folder, resource).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  std::array<char, 256> buffer{};
  const auto n = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  if (n <= 0) return std::nullopt;
  const auto parts = words(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  if (parts.size() != 4) return std::nullopt;
  const auto ip = parse_ip(parts[0]);
  const auto prefix = parse_uint(parts[1]);
  const auto lease = parse_uint(parts[3]);
  if (!ip || !prefix || *prefix > 8 * ip_size(*ip) || !lease || *lease == 0 || *lease > 3600) return std::nullopt;
  return LeaseRecord{*ip, static_cast<std::uint8_t>(*prefix), parts[2], std::chrono::seconds(*lease)};
}

void remove_lease(const std::string& folder, const std::string& resource) {
  ::unlink(lease_path(folder, resource).c_str());
}

const InterfaceAddress* find_leased(const std::vector<InterfaceAddress>& list, const LeaseRecord& record) {
  for (const auto& address : list) {
    if (address.ip == record.ip && address.prefix == record.prefix) return &address;
  }
  return nullptr;
}

}  // namespace relevo::net
