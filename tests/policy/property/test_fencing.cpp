// A node that must be fenced: nothing is done on it, and nothing that it held is started elsewhere, before it is fenced.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/policy/property/random_cluster.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

/// Fencing actions by node.
std::map<std::string, std::string> fenced(const Planned& planned) {
  std::map<std::string, std::string> found;
  for (const auto& [id, action] : planned.actions)
    if (action.operation == "stonith" && action.kind == "crm_event") found.emplace(action.node, id);
  return found;
}

bool gains(const GraphAction& action) { return action.operation == "start" || action.operation == "promote"; }

/// Resources that were active on the node. Fencing devices need nobody fenced.
std::set<std::string> held_by(const Planned& planned, const std::string& node) {
  std::set<std::string> ids;
  for (const auto* rsc : planned.set->find_node(node)->running)
    if (rsc->needs_fencing) ids.insert(rsc->id);
  return ids;
}

void check_node(const Planned& planned, const std::string& node, const std::string& fencing) {
  const auto held = held_by(planned, node);
  for (const auto& [id, action] : planned.actions) {
    INFO("node " << node << ", action " << action.key << " on " << action.node);
    if (action.kind == "rsc_op" && action.node == node) CHECK(waits_for(planned, id, fencing));
    if (action.kind == "pseudo_event" && action.node == node && action.operation == "stop" && held.count(action.rsc) > 0) CHECK(waits_for(planned, id, fencing));
    if (action.kind == "rsc_op" && action.node != node && gains(action) && held.count(action.rsc) > 0) CHECK(waits_for(planned, id, fencing));
  }
}

}  // namespace

TEST_CASE("policy: nothing happens to what a lost node held before it is fenced", "[policy][property]") {
  std::size_t nodes = 0, starts = 0;
  for (std::uint64_t seed = 1; seed <= rounds(150); ++seed) {
    RandomCluster cluster(seed, {});
    cluster.grow(static_cast<int>(1 + seed % 3));
    Injections lost;
    lost.node_fail = {cluster.random.one_of(cluster.nodes)};
    happen(cluster.cib, lost);
    const auto planned = plan(cluster.cib);
    INFO("seed " << seed << "\n" << text_of(cluster.cib));
    for (const auto& [node, fencing] : fenced(planned)) {
      ++nodes;
      check_node(planned, node, fencing);
      const auto held = held_by(planned, node);
      for (const auto& [id, action] : planned.actions)
        if (action.kind == "rsc_op" && gains(action) && held.count(action.rsc) > 0) ++starts;
    }
  }
  // The property must have had something to say.
  CHECK(nodes > 50);
  CHECK(starts > 30);
}
