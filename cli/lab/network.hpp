// The lab's cables: one switch namespace with a bridge for each link, and the ports of the hosts.
#pragma once

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// The namespace LAB-net with its bridges. Nothing of it is on the machine's own network.
Status build_switch(const Lab& lab);
/// The host's namespace, its interfaces with their addresses, plugged into the switch.
Status plug_in(const Lab& lab, const Host& host);
/// All links of the host lose their carrier at once. Nothing the host still sends goes anywhere.
void cut_cables(const Lab& lab, const Host& host);
/// Removes the host's ports and its namespace; what is gone already is no error.
void unplug(const Lab& lab, const Host& host);

}  // namespace relevo::cli::lab
