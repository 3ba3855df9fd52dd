// On which interface an address belongs, and with which prefix: by connected routes, then by existing subnets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/net/links.hpp"

namespace relevo::net {

struct Place {
  Link link;
  std::uint8_t prefix = 32;
  std::optional<std::uint32_t> metric;  ///< of the connected route, when it has one
};

/// What is given (`interface_name`, `prefix`) is taken, the rest is found.
/// Errors: not_found, saying what to give.
Result<Place> find_interface(const Address& ip, const std::string& interface_name, std::optional<std::uint8_t> prefix);

}  // namespace relevo::net
