// An IP address and port as a value, so that the cores can name peers without sockets.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relevo {

/// IPv4 or IPv6 with a port. IPv4 lives in the first four bytes.
struct Address {
  enum class Family : std::uint8_t { none, v4, v6 };
  Family family = Family::none;
  std::array<std::uint8_t, 16> bytes{};
  std::uint16_t port = 0;
  std::uint32_t scope = 0;  ///< IPv6 link-local interface index
  auto operator<=>(const Address&) const = default;
};

/// Reads `172.31.0.11` or `fd00::1` (no port, no name lookup).
[[nodiscard]] std::optional<Address> parse_ip(std::string_view text, std::uint16_t port = 0);
/// The address without its port.
[[nodiscard]] std::string ip_text(const Address& address);
/// `172.31.0.11:5405` or `[fd00::1]:5405`.
[[nodiscard]] std::string to_string(const Address& address);

}  // namespace relevo
