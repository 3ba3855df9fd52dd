// The stages of a plan, see engine.hpp.
#include "resmgr/policy/engine.hpp"

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/actions/digests.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

void schedule_unpacked(WorkingSet& set, AssignmentLog& log) {
  apply_node_health(set);
  unpack_constraints(set);
  apply_node_criteria(set);
  add_internal_constraints(set);
  handle_config_changes(set);
  assign_resources(set, log);
  check_deferred_digests(set);
  schedule_probes(set);
  create_all_actions(set);
  order_remote_connections(set);
  fence_and_shut_down(set);
  apply_orderings(set);
}

Status schedule(WorkingSet& set, AssignmentLog& log) {
  if (auto read = unpack(set); !read) return read;
  schedule_unpacked(set, log);
  return {};
}

}  // namespace relevo::policy
