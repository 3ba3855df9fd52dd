// Which node of the node list this host is, and what the names in it resolve to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/config/cluster_config.hpp"

namespace relevo::membership {

/// What a host knows of itself.
struct HostFacts {
  std::string name;                ///< host name, perhaps with its domain
  std::vector<Address> addresses;  ///< of its interfaces, port 0
};
[[nodiscard]] HostFacts host_facts();

/// One address with port a link, for each node.
using NodeAddresses = std::map<NodeId, std::vector<Address>>;

/// Resolves every ringN_addr; each link gets its port. Errors: a name that does not resolve, named with its node
/// and key; nodes of one link with addresses of different kinds.
Result<NodeAddresses> resolve_nodes(const config::ClusterConfig& config);

/// The entry whose name is the host's, whole or up to the first dot; else the one that has an address of this host.
/// Errors: none, with what was looked for. Source: corosync.conf(5), "nodelist"; membership spec 1.2.
Result<NodeId> find_local_node(const config::ClusterConfig& config, const NodeAddresses& addresses,
                               const HostFacts& host);

}  // namespace relevo::membership
