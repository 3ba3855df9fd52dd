// The note that our IPaddr2 leaves about an address with a kernel lifetime, for whoever renews it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/net/addresses.hpp"

namespace relevo::net {

struct LeaseRecord {
  Address ip;
  std::uint8_t prefix = 32;
  std::string interface_name;
  std::chrono::seconds lease{0};
};

/// `folder`/lease-`resource`.
[[nodiscard]] std::string lease_path(const std::string& folder, const std::string& resource);
Status write_lease(const std::string& folder, const std::string& resource, const LeaseRecord& record);
/// Nothing when there is no record, or none that can be read.
[[nodiscard]] std::optional<LeaseRecord> read_lease(const std::string& folder, const std::string& resource);
void remove_lease(const std::string& folder, const std::string& resource);
/// The address of the record among `list`, wherever it is now.
[[nodiscard]] const InterfaceAddress* find_leased(const std::vector<InterfaceAddress>& list, const LeaseRecord& record);

}  // namespace relevo::net
