// Fencing of unclean nodes and shutdown of those that ask, the DC last. Source: resmgr spec 2(a) stage 10.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/actions/node_actions.hpp"

namespace relevo::policy {
namespace {

/// Orders the pseudo fencing of a guest after what really takes it down.
void order_guest_fencing(WorkingSet& set, const Node& guest, Action* container_stop, Action& fencing) {
  if (container_stop != nullptr) {
    Action* cause = container_stop;
    if (container_stop->pseudo && container_stop->node != nullptr) {
      cause = &fence_op(set, *container_stop->node, {}, false, {}, false);
    }
    order_actions(*cause, fencing, order::runnable_left | order::implies_then);
    return;
  }
  // The container is thought to be stopped, perhaps only because its history is gone: the connection knows better
  Action* stop = find_first_action(*guest.connection, {}, "stop", nullptr);
  if (stop != nullptr) order_actions(*stop, fencing, order::optional);
}

/// The guest's container is recovered anyway; a pseudo action of fencing is what others are ordered against.
void fence_guest(WorkingSet& set, Node& guest) {
  Action* stop = nullptr;
  std::string_view operation = "off";
  if (const Resource* container = guest.connection->container; container != nullptr) {
    stop = find_first_action(*container, {}, "stop", nullptr);
    if (find_first_action(*container, {}, "start", nullptr) != nullptr) operation = "reboot";
  }
  Action& fencing = fence_op(set, guest, operation, false, "guest is unclean", false);
  fencing.pseudo = true;
  fencing.runnable = true;
  order_guest_fencing(set, guest, stop, fencing);
  order_around_fencing(set, fencing);
}

Action& fence(WorkingSet& set, Node& node) {
  Action& fencing = fence_op(set, node, {}, false, "node is unclean", false);
  set.say(Notice::Level::warning, fmt::format("Scheduling node {} for fencing", node.name));
  order_around_fencing(set, fencing);
  return fencing;
}

/// What takes nodes down in this plan.
struct Downs {
  Action* dc = nullptr;
  std::vector<Action*> fencings, shutdowns;  ///< without the DC
  bool unclean_stays = false;
};

void add_fencing(WorkingSet& set, Node& node, Downs& downs) {
  Action& fencing = fence(set, node);
  if (node.is_dc) {
    downs.dc = &fencing;
    return;
  }
  if (!set.options.concurrent_fencing && !downs.fencings.empty()) {
    order_actions(*downs.fencings.back(), fencing, order::optional);
  }
  downs.fencings.push_back(&fencing);
}

void add_shutdown(WorkingSet& set, Node& node, Downs& downs) {
  Action& down = new_shutdown_action(set, node);
  if (node.is_dc) {
    downs.dc = &down;
  } else {
    downs.shutdowns.push_back(&down);
  }
}

void check_node(WorkingSet& set, Node& node, bool anything_managed, Downs& downs) {
  if (node.is_guest()) {
    if (node.remote_requires_reset && anything_managed && can_fence(set, node)) fence_guest(set, node);
    return;
  }
  const bool fenced = anything_managed && node.unclean && can_fence(set, node);
  if (fenced) {
    add_fencing(set, node, downs);
  } else if (needs_shutdown(node)) {
    add_shutdown(set, node, downs);
  }
  if (!fenced && node.unclean) {
    downs.unclean_stays = true;
    set.say(Notice::Level::warning, fmt::format("Node {} is unclean but cannot be fenced", node.name));
  }
}

void say_what_stays(WorkingSet& set) {
  if (!set.options.stonith_enabled) {
    set.say(Notice::Level::warning,
            "Resource functionality and data integrity cannot be guaranteed (configure, enable, and test fencing to "
            "correct this)");
  } else if (!set.options.have_quorum) {
    set.say(Notice::Level::notice,
            "Unclean nodes will not be fenced until quorum is attained or no-quorum-policy is set to ignore");
  }
}

void order_after_each(Action& after, const std::vector<Action*>& actions) {
  for (Action* action : actions) order_actions(*action, after, order::optional);
}

/// One election is enough: the DC leaves when all others have left. Its fencing does not wait for their shutdown: a
/// stop that the shutdown waits for could wait for the fencing.
void order_dc_last(const WorkingSet& set, const Downs& downs) {
  if (downs.dc == nullptr) return;
  if (downs.dc->task == "do_shutdown") order_after_each(*downs.dc, downs.shutdowns);
  if (set.options.concurrent_fencing) {
    order_after_each(*downs.dc, downs.fencings);
  } else if (!downs.fencings.empty()) {
    order_actions(*downs.fencings.back(), *downs.dc, order::optional);
  }
}

}  // namespace

void fence_and_shut_down(WorkingSet& set) {
  const bool anything_managed =
      std::any_of(set.resources.begin(), set.resources.end(), [](const Resource* rsc) { return rsc->managed; });
  if (!anything_managed) {
    set.say(Notice::Level::notice, "Delaying fencing operations until there are resources to manage");
  }
  Downs downs;
  for (Node* node : set.nodes) check_node(set, *node, anything_managed, downs);
  if (downs.unclean_stays) say_what_stays(set);
  order_dc_last(set, downs);
}

}  // namespace relevo::policy
