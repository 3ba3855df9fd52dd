// Entering network namespaces for a moment, and what is done there by single system calls.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::lab {

/// A namespace as the kernel tells them apart.
using NamespaceId = std::pair<std::uint64_t, std::uint64_t>;

/// /run/netns/NAME.
[[nodiscard]] std::string netns_path(const std::string& name);
[[nodiscard]] bool netns_exists(const std::string& name);
/// Identity of the namespace that a path names; {0, 0} when there is none.
[[nodiscard]] NamespaceId namespace_id(const std::string& path);

/// Runs `work` inside the network namespace and comes back. The process must have one thread.
Status in_netns(const std::string& name, const std::function<Status()>& work);

/// Takes an interface of the namespace down or up: one ioctl, no tool started.
Status set_interface(const std::string& netns, const std::string& interface, bool up);

/// An address of an interface as the kernel has it.
struct InterfaceAddress {
  std::string interface;
  std::string address;
  unsigned prefix = 0;
};
/// Every global IPv4 and IPv6 address in the namespace.
Result<std::vector<InterfaceAddress>> addresses_in(const std::string& netns);

}  // namespace relevo::cli::lab
