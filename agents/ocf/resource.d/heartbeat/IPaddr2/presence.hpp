// Where the address is now, if anywhere, and in what condition. Looks, changes nothing.
#pragma once

#include <optional>
#include <vector>

#include "agents/ocf/resource.d/heartbeat/IPaddr2/settings.hpp"
#include "common/net/addresses.hpp"
#include "common/net/find_interface.hpp"

namespace relevo::agents::ipaddr2 {

enum class Condition {
  absent,
  good,
  link_down,   ///< there, but its interface has no carrier or is down
  unlabelled,  ///< there without the label asked for
  duplicate,   ///< IPv6: another host has it
};

struct Presence {
  Condition condition = Condition::absent;
  net::InterfaceAddress address;
  net::Link link;
};

/// Enters the network namespace asked for. Errors: it cannot be entered.
Status enter_namespace(const Settings& settings);
/// The address with exactly the prefix that start would give it, on any interface.
Result<Presence> find_presence(const Settings& settings);
/// Every copy of the address that stop has to remove.
Result<std::vector<net::InterfaceAddress>> copies(const Settings& settings);

}  // namespace relevo::agents::ipaddr2
