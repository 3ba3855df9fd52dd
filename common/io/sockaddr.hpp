// Address values to and from the kernel's sockaddr. Not a resolver.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/address.hpp"

namespace relevo::io {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

/// Family none gives length 0.
[[nodiscard]] SocketAddress to_sockaddr(const Address& address);
/// Other families than IPv4 and IPv6 give Family::none.
[[nodiscard]] Address from_sockaddr(const sockaddr* address);

}  // namespace relevo::io
