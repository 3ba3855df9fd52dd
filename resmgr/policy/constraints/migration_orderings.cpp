// See migration_orderings.hpp. A live migration has no real stop or start, so what is ordered with those is ordered with
// its own two tasks, too.
#include "resmgr/policy/constraints/migration_orderings.hpp"

#include <string>

#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

std::string_view task_of(const Action* action, const std::string& key) {
  if (action != nullptr) return action->task;
  const auto parts = split_key(key);
  return parts ? parts->task : std::string_view();
}

Ordering equivalent(const Ordering& of, std::string_view first_task, std::string_view then_task, std::uint32_t flags) {
  Ordering made;
  made.flags = flags;
  made.first_rsc = of.first_rsc;
  made.first_task = op_key(of.first_rsc->id, first_task);
  made.then_rsc = of.then_rsc;
  made.then_task = op_key(of.then_rsc->id, then_task);
  return made;
}

bool is_inside(const Resource& rsc, const Resource& outer) {
  for (const Resource* at = rsc.parent; at != nullptr; at = at->parent) {
    if (at == &outer) return true;
  }
  return false;
}

/// A collection and its part are moved by the same migrations.
bool belong_together(const Resource& a, const Resource& b) { return &a == &b || is_inside(a, b) || is_inside(b, a); }

}  // namespace

std::vector<Ordering> migration_equivalents(const Ordering& of) {
  if (of.first_rsc == nullptr || of.then_rsc == nullptr || belong_together(*of.first_rsc, *of.then_rsc)) return {};
  const bool first_migrates = of.first_rsc->allow_migrate, then_migrates = of.then_rsc->allow_migrate;
  if (!then_migrates) return {};
  const auto first = task_of(of.first, of.first_task), then = task_of(of.then, of.then_task);
  // If the first one migrates, its stop and start do not count as such
  const auto flags = order::optional | (first_migrates ? order::apply_first_non_migratable : order::none);
  const bool under_way = of.then_rsc->partial_migration_target != nullptr;

  std::vector<Ordering> made;
  if (first == "start" && then == "start") {
    if (first_migrates) made.push_back(equivalent(of, "migrate_from", "migrate_to", order::optional));
    made.push_back(equivalent(of, "start", "migrate_to", flags));
  } else if (first == "stop" && then == "stop") {
    made.push_back(equivalent(of, "stop", "migrate_to", flags));
    if (under_way) made.push_back(equivalent(of, "stop", "migrate_from", flags));
  } else if (first == "promote" && then == "start") {
    made.push_back(equivalent(of, "promote", "migrate_to", order::optional));
  } else if (first == "demote" && then == "stop") {
    made.push_back(equivalent(of, "demote", "migrate_to", order::optional));
    if (under_way) made.push_back(equivalent(of, "demote", "migrate_from", order::optional));
  }
  return made;
}

}  // namespace relevo::policy
