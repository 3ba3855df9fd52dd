// Live migration: migrate_to on the source, migrate_from on the target, and a start that has nothing left to do. Whether
// a resource may migrate is decided in primitive.cpp.
#include "resmgr/policy/actions/actions.hpp"

namespace relevo::policy {
namespace {

void order_keys(WorkingSet& set, Resource& rsc, std::string_view first, std::string_view then, std::uint32_t flags) {
  new_ordering(set, &rsc, op_key(rsc.id, first), nullptr, &rsc, op_key(rsc.id, then), nullptr, flags);
}

void add_ends(Action& action, const Node& source, const Node& target) {
  action.meta.try_emplace("migrate_source", source.name);
  action.meta.try_emplace("migrate_target", target.name);
}

Action& schedule_migrate_to(WorkingSet& set, Resource& rsc, Node& source) {
  Action& migrate_to = rsc_action(set, rsc, "migrate_to", &source, true);
  add_ends(migrate_to, source, *rsc.assigned_to);
  // It runs on the source but changes the target: if the source is lost on the way, its history must tell that it began
  if (!rsc.is_remote_connection) migrate_to.meta.try_emplace("record-pending", "true");
  return migrate_to;
}

}  // namespace

void create_migration_actions(WorkingSet& set, Resource& rsc, Node& current) {
  Action& start = rsc_action(set, rsc, "start", rsc.assigned_to, true);
  Action& stop = rsc_action(set, rsc, "stop", &current, true);
  const bool begun = rsc.partial_migration_target != nullptr;
  Action* migrate_to = begun ? nullptr : &schedule_migrate_to(set, rsc, current);
  Action& migrate_from = rsc_action(set, rsc, "migrate_from", rsc.assigned_to, true);
  add_ends(migrate_from, current, *rsc.assigned_to);

  start.migrate_runnable = true;
  stop.migrate_runnable = true;
  start.pseudo = true;
  migrate_from.migrate_runnable = true;
  if (migrate_to != nullptr) {
    migrate_to->migrate_runnable = true;
    migrate_to->needs = start.needs;
    order_keys(set, rsc, "monitor", "migrate_to", order::optional);
    order_keys(set, rsc, "migrate_to", "migrate_from", order::optional | order::implies_first_migratable);
  } else {
    migrate_from.needs = start.needs;
    order_keys(set, rsc, "monitor", "migrate_from", order::optional);
  }
  order_keys(set, rsc, "migrate_from", "stop", order::optional | order::implies_first_migratable);
  order_keys(set, rsc, "migrate_from", "start", order::optional | order::implies_first_migratable | order::pseudo_left);
}

}  // namespace relevo::policy
