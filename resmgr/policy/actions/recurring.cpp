// Recurring operations: monitors where a resource is active, monitors of role Stopped where it is not, and the end of
// those whose role no longer fits. Source: Pacemaker Explained, "Resource Operations".
#include <fmt/format.h>

#include "resmgr/policy/actions/actions.hpp"
#include "resmgr/policy/set/operation_config.hpp"

namespace relevo::policy {
namespace {

using std::chrono::milliseconds;

struct Operation {
  std::string_view id, name;
  milliseconds interval{0};
  Role role = Role::unknown;
  std::string key;
};

bool cannot_recur(std::string_view name) {
  return name == "stop" || name == "start" || name == "demote" || name == "promote" || name == "reload-agent" ||
         name == "migrate_to" || name == "migrate_from";
}

/// Whether name and interval stand for several operations: then none of them counts.
bool is_duplicate(WorkingSet& set, const Resource& rsc, std::string_view name, milliseconds interval) {
  pugi::xml_node first;
  for (const auto op : operations_of(rsc)) {
    if (!op.attribute("id") || name != op.attribute("name").value() || interval_of(op.attribute("interval").value()) != interval) continue;
    if (!first) {
      first = op;
      continue;
    }
    set.say(Notice::Level::error, fmt::format("Operation {} is duplicate of {} (do not use same name and interval combination more than once per resource)",
                                              op.attribute("id").value(), first.attribute("id").value()));
    return true;
  }
  return false;
}

/// The operation as it is configured; nothing for one that does not recur or cannot be used.
std::optional<Operation> read_operation(WorkingSet& set, const Resource& rsc, pugi::xml_node op) {
  Operation read;
  read.interval = interval_of(op.attribute("interval").value()).value_or(milliseconds{0});
  if (read.interval.count() <= 0) return std::nullopt;
  read.id = op.attribute("id").value();
  read.name = op.attribute("name").value();
  if (read.id.empty()) {
    set.say(Notice::Level::error, "Ignoring resource history entry without ID");
    return std::nullopt;
  }
  if (cannot_recur(read.name)) {
    set.say(Notice::Level::error, fmt::format("Ignoring {} because {} action cannot be recurring", read.id, read.name));
    return std::nullopt;
  }
  if (is_duplicate(set, rsc, read.name, read.interval)) return std::nullopt;
  read.role = role_of(op.attribute("role").value());  // a word that is no role stands for any
  if (!find_op(rsc, read.name, read.interval, false)) return std::nullopt;  // disabled
  read.key = op_key(rsc.id, read.name, read.interval);
  return read;
}

/// It runs there already, and nothing happens that would end it.
bool runs_on(const Resource& rsc, const Operation& op, const Node* node, const Action& start) {
  if (node == nullptr || !start.optional) return false;
  const auto running = find_actions_on(rsc, op.key, node);
  for (const Action* action : running) {
    if (action->reschedule) return false;
  }
  return !running.empty();
}

/// The role that it is for is not the one that the resource will have: what runs must end before the role changes.
void cancel_for_role(WorkingSet& set, Resource& rsc, const Operation& op, Node& node) {
  Action& cancel = new_cancel_action(set, rsc, op.name, op.interval, node);
  std::string_view before;
  if (rsc.role == Role::promoted) {
    before = "demote";
  } else if (rsc.role == Role::unpromoted || rsc.role == Role::started) {
    if (rsc.next_role == Role::promoted) before = "promote";
    if (rsc.next_role == Role::stopped) before = "stop";
  }
  if (!before.empty()) new_ordering(set, &rsc, {}, &cancel, &rsc, op_key(rsc.id, before), nullptr, order::runnable_left);
}

void order_after_role(WorkingSet& set, Resource& rsc, Action& monitor) {
  constexpr std::uint32_t follows = order::implies_then | order::runnable_left;
  new_ordering(set, &rsc, op_key(rsc.id, "start"), nullptr, nullptr, {}, &monitor, follows);
  new_ordering(set, &rsc, op_key(rsc.id, "reload-agent"), nullptr, nullptr, {}, &monitor, follows);
  if (rsc.next_role == Role::promoted) {
    new_ordering(set, &rsc, op_key(rsc.id, "promote"), nullptr, &rsc, {}, &monitor, order::optional | order::runnable_left);
  } else if (rsc.role == Role::promoted) {
    new_ordering(set, &rsc, op_key(rsc.id, "demote"), nullptr, &rsc, {}, &monitor, order::optional | order::runnable_left);
  }
}

void schedule_active(WorkingSet& set, Resource& rsc, const Action& start, const Operation& op) {
  if (op.role == Role::stopped) return;
  Node* node = rsc.assigned_to;
  const bool optional = runs_on(rsc, op, node, start);
  const bool any_role = op.role == Role::unknown;
  if (any_role ? rsc.next_role == Role::promoted : rsc.next_role != op.role) {
    if (optional) cancel_for_role(set, rsc, op, *node);
    return;
  }
  Action& monitor = custom_action(set, &rsc, op.key, op.name, node, optional);
  if (!start.runnable) {
    block(monitor, "start cannot run");
  } else if (node == nullptr || !node->online || node->unclean) {
    block(monitor, "no node is available");
  }
  if (rsc.next_role == Role::promoted) expect_result(monitor, 8);
  if (node == nullptr || rsc.managed) order_after_role(set, rsc, monitor);
}

/// The resource is to be active where a monitor of role Stopped runs.
void cancel_if_running(WorkingSet& set, Resource& rsc, const Operation& op, Node& node) {
  if (find_actions_on(rsc, op.key, &node).empty()) return;
  Action& cancel = new_cancel_action(set, rsc, op.name, op.interval, node);
  if (rsc.next_role == Role::started || rsc.next_role == Role::unpromoted) {
    new_ordering(set, &rsc, {}, &cancel, &rsc, op_key(rsc.id, "start"), nullptr, order::runnable_left);
  }
}

void order_after_stops(WorkingSet& set, Resource& rsc, const Node& node, Action& monitor) {
  for (Action* stop : task_actions(rsc, &node, "stop", true)) {
    if (!stop->optional && !monitor.optional && !rsc.managed) monitor.optional = true;
    if (!stop->runnable) block(monitor, "stop cannot run");
    if (rsc.managed) {
      new_ordering(set, &rsc, op_key(rsc.id, "stop"), stop, nullptr, {}, &monitor, order::implies_then | order::runnable_left);
    }
  }
}

void schedule_inactive_on(WorkingSet& set, Resource& rsc, const Operation& op, Node& node) {
  const bool optional = !find_actions_on(rsc, op.key, &node).empty();
  Action& monitor = custom_action(set, &rsc, op.key, op.name, &node, optional);
  expect_result(monitor, 7);
  if (rsc.managed) {
    for (Action* probe : task_actions(rsc, &node, "monitor", false)) order_actions(*probe, monitor, order::runnable_left);
  }
  order_after_stops(set, rsc, node, monitor);
  if (!node.online || node.unclean) block(monitor, "node unavailable");
}

void schedule_inactive(WorkingSet& set, Resource& rsc, const Operation& op) {
  if (op.role != Role::stopped) return;
  if (rsc.is_anonymous_instance()) {
    set.say(Notice::Level::notice, fmt::format("Ignoring {} (recurring monitors for Stopped role are not supported for anonymous clones)", op.id));
    return;
  }
  for (Node* node : set.nodes) {
    if (node == rsc.assigned_to) {
      cancel_if_running(set, rsc, op, *node);
    } else {
      schedule_inactive_on(set, rsc, op, *node);
    }
  }
}

}  // namespace

void create_recurring_actions(WorkingSet& set, Resource& rsc) {
  if (rsc.blocked || rsc.maintenance) return;
  const Action* start = nullptr;
  if (rsc.assigned_to != nullptr && !rsc.assigned_to->maintenance && (rsc.next_role != Role::stopped || !rsc.managed)) {
    start = &rsc_action(set, rsc, "start", rsc.assigned_to, true);
  }
  for (const auto op : operations_of(rsc)) {
    const auto read = read_operation(set, rsc, op);
    if (!read) continue;
    if (start != nullptr) schedule_active(set, rsc, *start, *read);
    schedule_inactive(set, rsc, *read);
  }
}

}  // namespace relevo::policy
