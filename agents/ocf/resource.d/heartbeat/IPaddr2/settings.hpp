// The parameters of IPaddr2 as values, checked. Not what is done with them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agents/lib/ocf.hpp"
#include "common/base/address.hpp"

namespace relevo::agents::ipaddr2 {

struct Settings {
  std::string resource;
  Address ip;
  std::string nic;
  std::optional<std::uint8_t> prefix;
  std::optional<Address> broadcast;
  std::string label;  ///< the part behind the colon
  std::chrono::milliseconds arp_interval{200};
  long arp_count = 5;
  long arp_count_refresh = 0;
  bool nodad = false;
  bool noprefixroute = false;
  bool check_link_status = true;
  std::optional<std::uint32_t> preferred_lft;  ///< none: forever. Unit: s.
  std::string network_namespace;
  std::string state_folder;
  std::optional<std::uint32_t> lease;  ///< kernel lifetime that somebody renews. Unit: s.
};

/// Reads and checks all parameters; the answer of a failure is what the agent ends with. What this version cannot do
/// is refused when it is asked for, never ignored.
[[nodiscard]] tl::expected<Settings, Answer> read_settings(const Call& call);

/// Everything the `meta-data` action prints.
[[nodiscard]] Metadata metadata();

}  // namespace relevo::agents::ipaddr2
