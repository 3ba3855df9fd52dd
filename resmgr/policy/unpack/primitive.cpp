// What a primitive must fulfil where it is cloned. Source: resmgr spec 1.3.
#include <algorithm>

#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {
namespace {

/// Only some kinds of agents can tell instances on one node apart, or know promotion.
bool knows_instances(const Resource& rsc) { return rsc.klass == "ocf" || rsc.klass == "stonith"; }
bool knows_promotion(const Resource& rsc) { return rsc.klass == "ocf"; }

void clear_unique(Resource& rsc) {
  rsc.unique = false;
  for (auto* child : rsc.children) clear_unique(*child);
}

}  // namespace

bool build_primitive(WorkingSet& set, Resource& rsc) {
  auto& top = rsc.top_inside();
  if (top.is(Variant::clone) && rsc.unique && !knows_instances(rsc)) {
    set.say(Notice::Level::warning, fmt::format("Ignoring globally-unique of {}: {} resources such as {} can only be anonymous clones",
                                                top.id, rsc.klass, rsc.id));
    clear_unique(top);
    clear_unique(rsc);
    top.clone.clone_node_max = 1;
    top.clone.clone_max = std::min(top.clone.clone_max, static_cast<int>(set.nodes.size()));
  }
  if (top.promotable && !knows_promotion(rsc)) {
    set.say(Notice::Level::error, fmt::format("Resource {} is of class {} and cannot be promoted", rsc.id, rsc.klass));
    return false;
  }
  return true;
}

}  // namespace relevo::policy
