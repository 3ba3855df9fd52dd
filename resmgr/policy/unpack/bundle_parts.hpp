// The elements that a bundle's replicas are made from. Internal to resmgr/policy/unpack.
#pragma once

#include <string>
#include <vector>

#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {

struct Port {
  std::string outside, inside;
};
struct Mount {
  std::string source, target, options;
  bool per_replica = false;  ///< each replica has a folder of its own below `source`
};

/// What the bundle's element says, beyond what the working set keeps.
struct BundleParts {
  std::vector<Port> ports;
  std::vector<Mount> mounts;
  std::string options, network, command, control_port, netmask;
  bool has_options = false, has_netmask = false;
  std::string host_options;  ///< one entry for each replica's address
};

/// The implicit clone of the bundle's primitive.
[[nodiscard]] pugi::xml_node make_bundle_clone(WorkingSet& set, const Resource& rsc, pugi::xml_node primitive);
[[nodiscard]] pugi::xml_node make_bundle_address(WorkingSet& set, const Resource& rsc, const BundleParts& parts, const Replica& replica);
[[nodiscard]] pugi::xml_node make_bundle_container(WorkingSet& set, const Resource& rsc, const BundleParts& parts, const Replica& replica);

/// The address after that one; empty when there is none, or when it is no address.
[[nodiscard]] std::string next_address(std::string_view address);
/// The name as an XML id: what may not stand in one becomes a point.
[[nodiscard]] std::string as_xml_id(std::string name);

}  // namespace relevo::policy
