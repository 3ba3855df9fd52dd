// Which of the nodes where a primitive is active speaks for it, see unpack.hpp.
#include <algorithm>

#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

bool is_well(const Node& node) { return node.online && !node.unclean; }

}  // namespace

Node* active_node(const Resource& rsc) {
  if (rsc.running_on.empty()) return nullptr;
  if (rsc.partial_migration_source != nullptr) {
    const auto at = std::find(rsc.running_on.begin(), rsc.running_on.end(), rsc.partial_migration_source);
    if (at != rsc.running_on.end()) return *at;
  } else if (!rsc.needs_fencing) {
    for (Node* node : rsc.running_on) {
      if (is_well(*node)) return node;
    }
  }
  return rsc.running_on.front();
}

}  // namespace relevo::policy
