// The promotion and demotion of a promotable clone as a whole. Which instances are promoted is decided in assign/.
#include "resmgr/policy/actions/collections.hpp"
#include "resmgr/policy/actions/notifications.hpp"

namespace relevo::policy {
namespace {

struct RoleChanges {
  bool promoting = false, demoting = false;
};

void add_changes(const Resource& rsc, RoleChanges& changes) {
  for (const Resource* child : rsc.children) add_changes(*child, changes);
  if (!rsc.children.empty()) return;
  for (const Action* action : rsc.actions) {
    if (action->optional) continue;
    if (action->task == "promote") changes.promoting = true;
    if (action->task == "demote") changes.demoting = true;
  }
}

}  // namespace

void create_promotion_summaries(WorkingSet& set, Resource& clone) {
  RoleChanges changes;
  for (const Resource* instance : clone.children) add_changes(*instance, changes);

  Action& promote = collection_action(set, clone, "promote", !changes.promoting, true);
  Action& promoted = collection_action(set, clone, "promoted", !changes.promoting, true);
  promoted.priority = Score::infinity;
  CloneFacts& facts = clone.clone;
  facts.notify_promote = notify_points(set, clone, "promote", &promote, &promoted);

  Action& demote = collection_action(set, clone, "demote", !changes.demoting, true);
  Action& demoted = collection_action(set, clone, "demoted", !changes.demoting, true);
  demoted.priority = Score::infinity;
  facts.notify_demote = notify_points(set, clone, "demote", &demote, &demoted);

  order_points(facts.notify_stop, facts.notify_promote);
  order_points(facts.notify_start, facts.notify_promote);
  order_points(facts.notify_demote, facts.notify_promote);
  order_points(facts.notify_demote, facts.notify_start);
  order_points(facts.notify_demote, facts.notify_stop);

  // Until here it said how much each should be promoted; from here on how urgent its actions are.
  for (Resource* instance : clone.children) instance->priority = clone.priority;
}

}  // namespace relevo::policy
