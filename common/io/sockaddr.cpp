// Address values to and from the kernel's sockaddr.
#include "common/io/sockaddr.hpp"

#include <cstring>

namespace relevo::io {

SocketAddress to_sockaddr(const Address& address) {
  SocketAddress out;
  if (address.family == Address::Family::v4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, address.bytes.data(), 4);
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.length = sizeof v4;
  } else if (address.family == Address::Family::v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    v6.sin6_scope_id = address.scope;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.length = sizeof v6;
  }
  return out;
}

Address from_sockaddr(const sockaddr* address) {
  Address out;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    out.family = Address::Family::v4;
    out.port = ntohs(v4.sin_port);
    std::memcpy(out.bytes.data(), &v4.sin_addr, 4);
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    out.family = Address::Family::v6;
    out.port = ntohs(v6.sin6_port);
    std::memcpy(out.bytes.data(), &v6.sin6_addr, 16);
    out.scope = v6.sin6_scope_id;
  }
  return out;
}

}  // namespace relevo::io
