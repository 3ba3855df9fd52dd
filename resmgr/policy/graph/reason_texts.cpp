// Words about tasks, see reason_texts.hpp. A text names what is now and what shall be.
#include "resmgr/policy/graph/reason_texts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace relevo::policy {
namespace {

using Told = std::pair<ActionCause, std::string>;

std::string_view node_of(const Action& action) { return action.node == nullptr ? std::string_view("any node") : action.node->name; }

bool is_active_on(const Resource& rsc, const Node* node) {
  return std::find(rsc.running_on.begin(), rsc.running_on.end(), node) != rsc.running_on.end();
}

std::string places(const Resource& rsc) {
  std::string text;
  for (const Node* node : rsc.running_on) text += text.empty() ? node->name : ", " + node->name;
  return text;
}

/// Why it is stopped and started in one place.
std::string restart_text(const Resource& rsc, std::string_view node) {
  if (rsc.failed) return fmt::format("{} failed and is recovered on {}", rsc.id, node);
  if (rsc.running_on.size() > 1) return fmt::format("{} is active on several nodes ({})", rsc.id, places(rsc));
  return fmt::format("{} is restarted on {}", rsc.id, node);
}

std::string why_start(const Action& action) {
  const Resource& rsc = *action.rsc;
  if (action.node != nullptr && is_active_on(rsc, action.node)) return restart_text(rsc, action.node->name);
  if (rsc.running_on.empty()) return fmt::format("{} shall be {} on {} and is not active", rsc.id, name(rsc.next_role), node_of(action));
  return fmt::format("{} moves from {} to {}", rsc.id, places(rsc), node_of(action));
}

std::string why_stop(const Action& action) {
  const Resource& rsc = *action.rsc;
  if (action.dangle) return fmt::format("a migration of {} left it unfinished on {}", rsc.id, node_of(action));
  if (rsc.removed) return fmt::format("{} is not in the configuration any more", rsc.id);
  if (rsc.next_role == Role::stopped || rsc.assigned_to == nullptr) {
    const auto why = rsc.next_role_reason.empty() ? std::string("no node may run it") : rsc.next_role_reason;
    return fmt::format("{} shall not run ({})", rsc.id, why);
  }
  if (rsc.assigned_to != action.node) return fmt::format("{} shall be {} on {}", rsc.id, name(rsc.next_role), rsc.assigned_to->name);
  return restart_text(rsc, node_of(action));
}

std::string role_text(const Action& action) {
  const Resource& rsc = *action.rsc;
  if (rsc.role == rsc.next_role && is_active_on(rsc, action.node)) return restart_text(rsc, node_of(action));
  const auto why = rsc.next_role_reason.empty() ? std::string() : fmt::format(" ({})", rsc.next_role_reason);
  return fmt::format("{} is {} and shall be {}{}", rsc.id, name(rsc.role), name(rsc.next_role), why);
}

Told why_monitor(const Action& action) {
  const auto node = node_of(action);
  if (action.interval.count() == 0) {
    return {ActionCause::unknown, fmt::format("it is not known whether {} is active on {}", action.rsc->id, node)};
  }
  const std::string_view id = action.op ? action.op.attribute("id").value() : "";
  const auto which = id.empty() ? std::string("the configuration") : fmt::format("operation {}", id);
  const auto why = action.reschedule ? "was changed and is set up again" : "recurs";
  return {ActionCause::operation, fmt::format("{} of {} {} on {} every {} ms", which, action.rsc->id, why, node, action.interval.count())};
}

/// Tasks of a single resource.
Told why_of_resource(const Action& action) {
  const Resource& rsc = *action.rsc;
  const std::string& task = action.task;
  const auto node = node_of(action);
  if (task == "start") return {ActionCause::state, why_start(action)};
  if (task == "stop") return {ActionCause::state, why_stop(action)};
  if (task == "promote" || task == "demote") return {ActionCause::state, role_text(action)};
  if (task == "migrate_to" || task == "migrate_from") {
    const auto target = rsc.assigned_to == nullptr ? std::string("another node") : rsc.assigned_to->name;
    return {ActionCause::state, fmt::format("{} is moved to {} while it runs", rsc.id, target)};
  }
  if (task == "cancel") {
    return {ActionCause::operation, fmt::format("{} of {} every {} ms ends on {}", action.cancel_task, rsc.id, action.interval.count(), node)};
  }
  if (task == "reload-agent") return {ActionCause::state, fmt::format("parameters of {} have changed", rsc.id)};
  if (task == "delete" || task == "lrm_delete") return {ActionCause::state, fmt::format("the history of {} on {} is out of date", rsc.id, node)};
  if (task == "clear_failcount") return {ActionCause::state, fmt::format("failures of {} on {} count no longer", rsc.id, node)};
  return why_monitor(action);
}

Told why_of_cluster(const Action& action) {
  const auto node = node_of(action);
  if (action.task == "stonith") {
    const auto operation = action.meta.find("stonith_action");
    if (operation != action.meta.end() && operation->second == "on") return {ActionCause::state, fmt::format("{} has to be unfenced", node)};
    return {ActionCause::state, fmt::format("{} is unclean: what it does is not known", node)};
  }
  if (action.task == "do_shutdown") return {ActionCause::state, fmt::format("{} has asked to leave the cluster", node)};
  if (action.task == "probe_complete") return {ActionCause::unknown, fmt::format("{} asks that all resources be probed again", node)};
  if (action.task.starts_with("load_stopped")) {
    return {ActionCause::capacity, fmt::format("what frees capacity on {} comes before what takes it", node)};
  }
  if (action.task == "maintenance_nodes") return {ActionCause::state, "tells which nodes are in maintenance"};
  return {ActionCause::state, "a point in time that other actions wait for"};
}

bool is_notification(const Action& action) { return action.task == "notify" || action.task == "notified"; }

}  // namespace

Told why_required(const Action& action) {
  if (action.rsc == nullptr) return why_of_cluster(action);
  if (is_notification(action)) {
    return {ActionCause::notification, fmt::format("instances of {} are told of what happens to the others", action.rsc->id)};
  }
  if (action.rsc->children.empty()) return why_of_resource(action);
  return {ActionCause::parts, fmt::format("some part of {} does it", action.rsc->id)};
}

std::string why_not_needed(const Action& action) {
  if (action.rsc == nullptr) {
    if (action.task == "stonith") return fmt::format("nothing requires that {} be fenced", node_of(action));
    return "nothing that waits for it, or comes before it, happens";
  }
  const Resource& rsc = *action.rsc;
  if (is_notification(action)) return fmt::format("nothing happens that instances of {} would be told of", rsc.id);
  if (!rsc.children.empty()) return fmt::format("no part of {} does it", rsc.id);
  if (!rsc.managed) return fmt::format("{} is not managed", rsc.id);
  if (action.node != nullptr && is_active_on(rsc, action.node)) return fmt::format("{} is {} on {} already", rsc.id, name(rsc.role), action.node->name);
  if (action.task == "start") return fmt::format("{} is not to be started", rsc.id);
  return fmt::format("nothing asks for it: {} is {}", rsc.id, name(rsc.role));
}

}  // namespace relevo::policy
