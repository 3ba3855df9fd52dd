// Shutdown locks: a resource whose node was shut down cleanly waits for that node instead of going elsewhere.
#include <cstdint>

#include "resmgr/policy/assign/inside.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

// When the node was asked to leave; `now` when that cannot be read.
WallTime shutdown_time(const WorkingSet& set, const Node& node) {
  const auto* text = attribute_of(node, "shutdown");
  if (text == nullptr || text->empty()) return set.now;
  std::int64_t seconds = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9' || seconds > 1'000'000'000'000) return set.now;
    seconds = seconds * 10 + (c - '0');
  }
  return seconds == 0 ? set.now : WallTime{seconds};
}

// Told by the history, or taken now from the one node that is leaving.
void find_lock(WorkingSet& set, Resource& rsc) {
  if (rsc.lock_node != nullptr) {
    if (rsc.running_on.empty()) return;
    // Started elsewhere in spite of the lock: it is not disturbed.
    custom_action(set, &rsc, op_key(rsc.id, "lrm_delete"), "lrm_delete", rsc.lock_node, false);
    rsc.lock_node = nullptr;
    rsc.lock_time = WallTime{};
    return;
  }
  if (rsc.running_on.size() != 1) return;
  Node* node = rsc.running_on.front();
  if (!node->shutdown || node->unclean) return;
  rsc.lock_node = node;
  rsc.lock_time = shutdown_time(set, *node);
}

void lock_primitive(WorkingSet& set, Resource& rsc) {
  if (rsc.klass == "stonith" || (rsc.is_remote_connection && rsc.container == nullptr)) return;
  find_lock(set, rsc);
  if (rsc.lock_node == nullptr) return;
  const auto limit = set.options.shutdown_lock_limit;
  if (limit.count() > 0) set.recheck_at(WallTime{rsc.lock_time.seconds + limit.count() + 1});
  for (const Node* node : set.nodes) {
    if (node == rsc.lock_node) continue;
    add_location_score(set, rsc, node, Score(-Score::infinity), Cause::shutdown_lock, rsc.lock_node->name);
  }
}

}  // namespace

void apply_shutdown_locks(WorkingSet& set) {
  if (!set.options.shutdown_lock) return;
  for (Resource* rsc : set.resources) {
    if (rsc->is(Variant::primitive)) lock_primitive(set, *rsc);
    if (!rsc->is(Variant::group)) continue;  // instances are not locked
    for (Resource* member : rsc->children) lock_primitive(set, *member);
  }
}

}  // namespace relevo::policy
