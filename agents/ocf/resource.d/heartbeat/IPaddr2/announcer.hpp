// The burst of announcements after a start: the first at once, the rest by a process of its own.
#pragma once

#include "agents/ocf/resource.d/heartbeat/IPaddr2/settings.hpp"
#include "common/net/links.hpp"

namespace relevo::agents::ipaddr2 {

/// Announces once, now, and leaves `count` - 1 further rounds to a background process that holds none of our
/// descriptors and is nobody's zombie. It gives up as soon as the address is not here any more.
Status announce_burst(const Settings& settings, const net::Link& link, long count);

/// Ends the background process of an earlier start.
void stop_announcing(const Settings& settings);

}  // namespace relevo::agents::ipaddr2
