// Tells the neighbours where an address lives now: gratuitous ARP and unsolicited neighbour advertisements.
#pragma once

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/net/links.hpp"

namespace relevo::net {

/// One announcement: for IPv4 an ARP request and an ARP reply (some peers learn from the one, some from the other),
/// for IPv6 an unsolicited neighbour advertisement with the override flag. Nothing on links without neighbours.
/// Errors: permission (a raw socket needs CAP_NET_RAW) and others, naming the interface.
Status announce(const Link& link, const Address& ip);

}  // namespace relevo::net
