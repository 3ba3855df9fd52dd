// The group's messages, applied to the replicated state. The same message at the same place gives the same state
// everywhere: no time and no local knowledge enters here.
#include <fmt/core.h>

#include <algorithm>

#include "common/xml/tree.hpp"
#include "resmgr/attributes/transient.hpp"
#include "resmgr/controller/history.hpp"
#include "resmgr/controller/options.hpp"
#include "resmgr/controller/replica.hpp"

namespace relevo::controller {

CommandOutcome Replica::apply(const Command& command, NodeId from) {
  CommandOutcome outcome;
  auto& last = commands_[from];
  if (last.instance == command.instance && command.id <= last.id) {
    outcome.repeated = true;
    outcome.answer = cib_.version();
    return outcome;
  }
  last = {command.instance, command.id};
  if (const auto* change = std::get_if<cib::Change>(&command.what))
    outcome.answer = run(*change, outcome.configuration_changed);
  else if (const auto* cleanup = std::get_if<CleanupRequest>(&command.what))
    outcome.answer = run(*cleanup);
  else
    outcome.answer = run(std::get<AttributeRequest>(command.what));
  return outcome;
}

Answer Replica::run(const cib::Change& change, bool& configuration_changed) {
  if (!may_change()) {
    return Error{quorum_.quorate ? "not enough resource managers are in the cluster to keep a change safe"
                                 : fmt::format("this partition has no quorum: {}", quorum_.reason),
                 ErrorKind::no_quorum};
  }
  auto applied = cib::apply(cib_, change);
  if (!applied) return applied.error();
  cib_ = std::move(applied->document);
  configuration_changed = applied->configuration_changed;
  if (applied->changed) {
    ++position_;
    idle_ = false;
  }
  return cib_.version();
}

Answer Replica::run(const CleanupRequest& cleanup) {
  Cleaned cleaned;
  if (!cleanup.node.empty() && !node_of(cleanup.node))
    return Error{fmt::format("node '{}' is not known", cleanup.node), ErrorKind::not_found};
  for (const auto& member : seniority_)
    if (cleanup.node.empty() || cleanup.node == name_of(member.node)) clean(member.node, cleanup, cleaned);
  if (!cleaned.items.empty()) touch();
  return cleaned;
}

void Replica::clean(NodeId node, const CleanupRequest& cleanup, Cleaned& cleaned) {
  const auto uuid = uuid_of(node);
  for (const auto& resource : recorded_resources(cib_, uuid)) {
    if (!cleanup.resource.empty() && cleanup.resource != resource) continue;
    if (!cleanup.refresh && !has_failure(cib_, uuid, resource)) continue;
    forget_resource(cib_, uuid, resource);
    forget_failures(cib_, uuid, resource);
    cleaned.items.push_back({resource, name_of(node)});
  }
}

Answer Replica::run(const AttributeRequest& attribute) {
  const auto node = node_of(attribute.node);
  if (!node) return Error{fmt::format("node '{}' is not known", attribute.node), ErrorKind::not_found};
  const auto uuid = uuid_of(*node);
  const bool changed = attribute.value ? attributes::set_transient(cib_, uuid, attribute.name, *attribute.value)
                                       : attributes::remove_transient(cib_, uuid, attribute.name);
  if (changed) touch();
  return Done{};
}

bool Replica::apply(const OpRequest& request) {
  const auto node = node_of(request.node);
  const auto& op = request.operation;
  if (!node) return false;
  const bool starts = op.task == "start" || op.task == "promote" || op.task == "migrate_from";
  // It was ordered after something that its sender did not know yet.
  if (starts && (is_shutting_down(*node) || (!may_act() && stops_without_quorum(cib_)))) return false;
  const auto is_node = [&](const groups::Member& m) { return m.node == *node; };
  if (std::none_of(seniority_.begin(), seniority_.end(), is_node)) return false;
  const auto uuid = uuid_of(*node);
  write_down(request, uuid);
  touch();
  return true;
}

void Replica::write_down(const OpRequest& request, const std::string& uuid) {
  const auto& op = request.operation;
  if (op.task == "cancel") {
    forget_recurring(cib_, uuid, op.resource, cancelled_task(op), op.interval);
  } else if (op.task == clear_failures_task) {
    forget_failures(cib_, uuid, op.resource);
    forget_last_failure(cib_, uuid, op.resource);
  } else if (op.task == forget_task) {
    forget_resource(cib_, uuid, op.resource);
  } else {
    record(cib_, uuid, request.node, pending(op, request.at));
  }
}

bool Replica::apply(const OpResult& message) {
  const auto node = node_of(message.node);
  if (!node) return false;
  const auto uuid = uuid_of(*node);
  record(cib_, uuid, message.node, message.result);
  const bool counted = count_failure(cib_, uuid, message.result);
  touch();
  return counted || is_failure(message.result);
}

void Replica::apply(const NodeShutdown& shutdown) {
  attributes::set_transient(cib_, uuid_of(shutdown.node), "shutdown", fmt::format("{}", shutdown.at.seconds));
  touch();
}

bool Replica::apply(const NodeLost& lost) {
  if (standing(cib_, uuid_of(lost.node)) != Standing::process_gone) return false;
  mark(lost.node, Standing::lost);
  touch();
  return true;
}

void Replica::apply(const Idle& idle) {
  if (idle.position == position_) idle_ = true;
}

}  // namespace relevo::controller
