// Reading and printing addresses; see address.hpp. inet_pton and inet_ntop do no I/O.
#include "common/base/address.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>

namespace relevo {

std::optional<Address> parse_ip(std::string_view text, std::uint16_t port) {
  const std::string copy(text);
  Address out;
  out.port = port;
  if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) {
    out.family = Address::Family::v4;
    return out;
  }
  if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) {
    out.family = Address::Family::v6;
    return out;
  }
  return std::nullopt;
}

std::string ip_text(const Address& address) {
  if (address.family == Address::Family::none) return "none";
  char buffer[INET6_ADDRSTRLEN] = {};
  const int family = address.family == Address::Family::v4 ? AF_INET : AF_INET6;
  inet_ntop(family, address.bytes.data(), buffer, sizeof buffer);
  return buffer;
}

std::string to_string(const Address& address) {
  const auto ip = ip_text(address);
  return address.family == Address::Family::v6 ? fmt::format("[{}]:{}", ip, address.port)
                                               : fmt::format("{}:{}", ip, address.port);
}

}  // namespace relevo
