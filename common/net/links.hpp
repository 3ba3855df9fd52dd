// The network interfaces of this host, as the kernel lists them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::net {

struct Link {
  int index = 0;
  std::string name;
  std::vector<std::string> alt_names;
  bool up = false;          ///< administratively
  bool lower_up = false;    ///< has a carrier
  bool operational = true;  ///< false: operstate is DOWN or LOWERLAYERDOWN; follows the carrier with a delay
  bool loopback = false;
  bool arp = true;
  std::uint16_t hardware = 0;  ///< ARPHRD_*
  std::vector<std::uint8_t> mac, broadcast;
};

/// All interfaces, by index.
Result<std::vector<Link>> links();
/// By name or alternative name. Errors: not_found, naming the interface.
Result<Link> find_link(std::string_view name);
/// Errors: permission and others, naming the interface.
Status set_link_up(const Link& link);

}  // namespace relevo::net
