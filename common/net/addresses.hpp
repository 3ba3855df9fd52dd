// The IP addresses on this host's interfaces: list, add, extend, remove.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"

namespace relevo::net {

/// A lifetime without an end.
constexpr std::uint32_t forever = 0xffffffffU;

struct InterfaceAddress {
  Address ip;
  std::uint8_t prefix = 32;
  int interface = 0;  ///< index
  std::string label;  ///< IPv4 only; empty: the interface's name
  std::optional<Address> broadcast;
  std::uint32_t valid_lft = forever, preferred_lft = forever;  ///< Unit: s.
  bool no_dad = false;                                         ///< IPv6: do not look for a duplicate
  bool no_prefix_route = false;
  std::optional<std::uint32_t> metric;
  bool tentative = false, dad_failed = false;  ///< as listed; ignored when added
};

/// All addresses of both families, in the kernel's order.
Result<std::vector<InterfaceAddress>> addresses();
/// Errors: exists, permission, failed; each names address and `interface_name`.
Status add_address(const InterfaceAddress& address, const std::string& interface_name);
/// Sets the lifetimes of an address that exists (the kernel would add a missing one: look first).
Status extend_address(const InterfaceAddress& address, const std::string& interface_name);
/// Errors: not_found, permission, failed.
Status remove_address(const InterfaceAddress& address, const std::string& interface_name);

/// `address` lies in the network of `network`/`prefix`.
[[nodiscard]] bool in_network(const Address& address, const Address& network, std::uint8_t prefix);
/// The highest address of the network (IPv4).
[[nodiscard]] Address broadcast_of(const Address& address, std::uint8_t prefix);

}  // namespace relevo::net
