// The whole check, see verify.hpp: on the configuration as it is, and on a plan for a cluster whose nodes are all up.
#include "resmgr/policy/verify/verify.hpp"

#include <algorithm>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

void append(Notes& to, Notes from) {
  for (auto& note : from) to.push_back(std::move(note));
}

void check_constraints(pugi::xml_node cib, WallTime now, Notes& notes) {
  WorkingSet set(cib, now);
  set.keep_reasons = false;
  if (!unpack(set)) return;
  unpack_constraints(set);
  append(notes, find_dangling(set));
  append(notes, find_contradictions(set));
  add_internal_constraints(set);
  append(notes, find_cycles(set));
}

/// Every node is up and nothing has happened yet. What nodes say of themselves stays.
void forget_history(pugi::xml_node cib) {
  auto status = cib.child("status");
  for (auto state : status.children("node_state")) state.remove_child("lrm");
}

void check_places(pugi::xml_document& cib, WallTime now, Notes& notes) {
  const auto root = cib.child("cib");
  forget_history(root);
  Injections injections;
  injections.at = now;
  {
    WorkingSet before(root, now);
    if (!unpack(before)) return;
    for (const Node* node : before.nodes) {
      if (!node->is_remote()) injections.node_up.push_back(node->name);
    }
    if (!inject(cib, before, injections)) return;
  }
  WorkingSet set(root, now);
  if (!unpack(set)) return;
  set.options.have_quorum = true;
  set.options.stonith_enabled = false;
  AssignmentLog log;
  log.wanted = false;
  schedule_unpacked(set, log);
  append(notes, find_homeless(set));
}

}  // namespace

Notes verify(const pugi::xml_document& cib, WallTime now) {
  Notes notes;
  if (!cib.child("cib")) return notes;
  pugi::xml_document copy;
  copy.reset(cib);
  check_constraints(copy.child("cib"), now, notes);
  check_places(copy, now, notes);
  std::stable_partition(notes.begin(), notes.end(), [](const Note& note) { return note.level == Level::error; });
  return notes;
}

}  // namespace relevo::policy
