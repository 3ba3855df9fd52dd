// What a primitive needs to get to where it shall be: whether it must be stopped, and which chains follow. The steps
// themselves are in roles.cpp.
#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/actions/roles.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

/// Where it is active now.
struct Active {
  Node* node = nullptr;
  int all = 0;
  int clean = 0;
};

Active find_active(const Resource& rsc) {
  Active active;
  active.node = active_node(rsc);
  active.all = static_cast<int>(rsc.running_on.size());
  for (const Node* node : rsc.running_on) {
    if (node->online && !node->unclean) ++active.clean;
  }
  return active;
}

void set_default_role(Resource& rsc) {
  if (rsc.next_role != Role::unknown) return;
  rsc.next_role = rsc.assigned_to == nullptr ? Role::stopped : Role::started;
  rsc.next_role_reason = "assignment";
}

/// The source of a migration that ended without a stop there.
void stop_dangling(WorkingSet& set, Resource& rsc) {
  for (Node* source : std::vector(rsc.dangling_migration_sources)) {
    Action& stop = rsc_action(set, rsc, "stop", source, false);
    stop.dangle = true;
    if (set.options.remove_after_stop) schedule_cleanup(set, rsc, *source, false);
  }
}

bool can_migrate(const Resource& rsc, const Node* current) {
  return rsc.allow_migrate && rsc.managed && !rsc.failed && !rsc.start_pending && current != nullptr && !current->unclean &&
         rsc.assigned_to != nullptr && !rsc.assigned_to->unclean;
}

/// A migration that is under way and can still reach the node that was chosen.
bool continues_migration(const Resource& rsc, const Active& active) {
  return rsc.partial_migration_source != nullptr && rsc.partial_migration_target != nullptr && active.all == 2 &&
         active.node == rsc.partial_migration_source && rsc.assigned_to == rsc.partial_migration_target;
}

void give_up_migration(WorkingSet& set, Resource& rsc, const Active& active) {
  const auto name_of = [](const Node* node) { return node == nullptr ? std::string("unknown") : node->name; };
  set.say(Notice::Level::notice,
          fmt::format("Forcing recovery of {} because it {} from {} to {}{}", rsc.id,
                      active.all > 2 ? "is migrating" : "can no longer migrate", name_of(rsc.partial_migration_source),
                      name_of(rsc.partial_migration_target), active.all > 2 ? " and possibly active elsewhere" : ""));
  rsc.partial_migration_source = nullptr;
  rsc.partial_migration_target = nullptr;
}

std::string_view recovery_text(MultipleActive policy) {
  switch (policy) {
    case MultipleActive::stop_only: return "shutting it down";
    case MultipleActive::stop_start: return "attempting recovery";
    case MultipleActive::block: return "waiting for an administrator";
    case MultipleActive::stop_unexpected: return "stopping unexpected instances";
  }
  return "Unknown";
}

/// True when it must be stopped for being active more than once.
bool recover_multiple(WorkingSet& set, Resource& rsc, const Active& active) {
  set.say(Notice::Level::error, fmt::format("{} resource {} might be active on {} nodes ({})", rsc.klass, rsc.id, active.all,
                                            recovery_text(rsc.multiple_active)));
  set.say(Notice::Level::notice, "See https://wiki.clusterlabs.org/wiki/FAQ#Resource_is_Too_Active for more information");
  rsc.stop_unexpected = rsc.multiple_active == MultipleActive::stop_unexpected;
  return rsc.stop_unexpected || rsc.multiple_active == MultipleActive::stop_start;
}

struct Need {
  bool stop = false;
  bool promote = false;
  bool migrate = false;
};

/// What its being in several places asks for: a migration that goes on, a recovery, or nothing.
void look_at_places(WorkingSet& set, Resource& rsc, const Active& active, Need& need) {
  bool multiple = false;
  if (need.migrate && continues_migration(rsc, active)) {
    // goes on
  } else if (rsc.partial_migration_source != nullptr || rsc.partial_migration_target != nullptr) {
    give_up_migration(set, rsc, active);
    need.stop = true;
    need.migrate = false;
  } else {
    // What needs no fencing can be started elsewhere before the failed node is fenced: it does not count there
    multiple = (rsc.needs_fencing ? active.all : active.clean) > 1;
  }
  if (!multiple) {
    rsc.stop_unexpected = false;
  } else if (recover_multiple(set, rsc, active)) {
    need.stop = true;
  }
}

/// Of a resource that stays where it is.
void look_at_state(WorkingSet& set, Resource& rsc, const Node* current, Need& need) {
  if (rsc.failed) {
    if (rsc.needs_stop) {
      need.stop = true;
    } else if (rsc.next_role == Role::promoted) {
      need.promote = true;  // recovered by a demotion
    }
  } else if (rsc.blocked) {
    need.stop = true;
  } else if (rsc.role > Role::started && current != nullptr && rsc.assigned_to != nullptr) {
    // A start that is required already is a recovery
    if (!rsc_action(set, rsc, "start", rsc.assigned_to, true).optional) need.stop = true;
  }
}

}  // namespace

void create_primitive_actions(WorkingSet& set, Resource& rsc) {
  set_default_role(rsc);
  const Active active = find_active(rsc);
  Node* current = active.node;
  stop_dangling(set, rsc);

  Need need;
  const bool moves = current != nullptr && rsc.assigned_to != nullptr && current != rsc.assigned_to && rsc.next_role >= Role::started;
  if (moves) {
    need.migrate = can_migrate(rsc, current);
    need.stop = true;
  }
  look_at_places(set, rsc, active, need);
  // A start that is under way is shown, even where nothing is to be done about it
  if (rsc.start_pending) rsc_action(set, rsc, "start", rsc.assigned_to, true).print_always = true;
  if (!moves) look_at_state(set, rsc, current, need);

  schedule_restart(set, rsc, current, need.stop, need.promote);
  schedule_next_role(set, rsc);
  create_recurring_actions(set, rsc);
  if (need.migrate) create_migration_actions(set, rsc, *current);
}

}  // namespace relevo::policy
