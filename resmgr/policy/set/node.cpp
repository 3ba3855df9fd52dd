// Questions to a node; see node.hpp.
#include "resmgr/policy/set/node.hpp"

#include "resmgr/policy/set/resource.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

bool Node::is_guest() const { return is_remote() && connection != nullptr && connection->container != nullptr; }

bool is_available(const Node& node) {
  return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;
}

}  // namespace relevo::policy
