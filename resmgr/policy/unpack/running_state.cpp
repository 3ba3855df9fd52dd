// After all entries of a resource on a node: is it active where it cannot be, and what does the worst failure lead to?
// Source: resmgr spec 2(a) stage 1.9.
#include <algorithm>

#include <fmt/format.h>

#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

bool is_active(const Resource& rsc) { return rsc.role != Role::stopped && rsc.role != Role::unknown; }

/// What is around it is known there too, as long as its instances cannot be told apart.
void remember_known(Resource& rsc, Node& node) {
  if (rsc.role == Role::unknown) return;
  for (Resource* each = &rsc; each != nullptr; each = each->parent) {
    auto& known = each->known_on;
    if (std::find(known.begin(), known.end(), &node) == known.end()) known.push_back(&node);
    if (!is_anonymous(*each)) break;
  }
}

/// Active on a node that is not up: the node must be made sure of, a guest by way of its container.
void fence_lost_node(WorkingSet& set, Resource& rsc, Node& node) {
  if (rsc.role <= Role::stopped || node.online || node.maintenance || !rsc.managed) return;
  std::string reason = fmt::format("{} is thought to be active there", rsc.id);
  if (node.is_guest()) {
    rsc.failed = rsc.needs_stop = true;
  } else if (!set.options.stonith_enabled) {
    return;
  } else if (node.is_remote() && node.connection != nullptr && !node.connection->failed) {
    // Perhaps only the host of the connection is lost; then it is made elsewhere and the node goes on
    node.seen = false;
    reason = fmt::format("{} is active there (fencing will be revoked if remote connection can be re-established elsewhere)", rsc.id);
  }
  fence_node(set, node, reason, false);
}

/// The node behind a connection; nullptr for anything else.
Node* node_behind(const WorkingSet& set, const Resource& rsc) { return rsc.is_remote_connection ? set.find_node(rsc.id) : nullptr; }

void reset_connection(WorkingSet& set, Resource& rsc, Node& node) {
  rsc.failed = rsc.needs_stop = true;
  Node* remote = set.options.stonith_enabled ? node_behind(set, rsc) : nullptr;
  if (remote != nullptr && remote->is_remote() && !remote->is_guest() && !remote->remote_was_fenced) {
    fence_node(set, *remote, "remote connection is unrecoverable", false);
  }
  if (rsc.role > Role::stopped) rsc_action(set, rsc, "stop", &node, false);
  if (rsc.reconnect_interval.count() != 0) set_next_role(rsc, Role::stopped, "remote reset");
}

void restart_container(Pass& pass, Resource& rsc, Node& node) {
  rsc.failed = rsc.needs_stop = true;
  if (rsc.container != nullptr && is_bundled(rsc)) {
    pass.containers_to_stop.push_back(rsc.container);
  } else if (rsc.container != nullptr) {
    rsc_action(pass.set, *rsc.container, "stop", &node, false);
  } else if (is_active(rsc)) {
    rsc_action(pass.set, rsc, "stop", &node, false);
  }
}

void apply_on_fail(Pass& pass, Resource& rsc, Node& node, OnFail on_fail) {
  WorkingSet& set = pass.set;
  switch (on_fail) {
    case OnFail::ignore: return;
    case OnFail::demote:
      rsc.failed = true;
      rsc_action(set, rsc, "demote", &node, false);
      return;
    case OnFail::fence: fence_node(set, node, fmt::format("{} failed there", rsc.id), false); return;
    case OnFail::standby:
      node.standby = true;
      node.standby_on_fail = true;
      return;
    case OnFail::block:
      rsc.managed = false;
      rsc.blocked = true;
      return;
    case OnFail::ban: add_location(set, rsc, &node, -Score::infinity, Cause::failure, {}); return;
    case OnFail::stop: set_next_role(rsc, Role::stopped, "on-fail=stop"); return;
    case OnFail::restart:
      if (!is_active(rsc)) return;
      rsc.failed = rsc.needs_stop = true;
      rsc_action(set, rsc, "stop", &node, false);
      return;
    case OnFail::restart_container: restart_container(pass, rsc, node); return;
    case OnFail::reset_remote: reset_connection(set, rsc, node); return;
  }
}

void tell_of_removed(WorkingSet& set, const Resource& rsc, const Node& node) {
  if (!rsc.removed) return;
  set.say(Notice::Level::warning, rsc.managed ? fmt::format("Detected active orphan {} running on {}", rsc.id, node.name)
                                              : fmt::format("Resource '{}' must be stopped manually on {} because cluster is configured not to stop active orphans",
                                                            rsc.id, node.name));
}

void add_active(WorkingSet& set, Resource& rsc, Node& node, OnFail on_fail, bool failed) {
  tell_of_removed(set, rsc, node);
  add_running(set, rsc, node, failed);
  if (on_fail == OnFail::ignore) return;
  rsc.failed = true;
  if (on_fail != OnFail::demote && on_fail != OnFail::block) rsc.needs_stop = true;
}

/// Stops that were asked for there have nothing to do.
void forget_stops(Resource& rsc, Node& node) {
  const auto is_stop = [](const Action* action) { return action->task == "stop"; };
  if (std::none_of(rsc.actions.begin(), rsc.actions.end(), is_stop)) return;
  for (Action* stop : find_actions(rsc, op_key(rsc.id, "stop"), &node)) stop->optional = true;
}

}  // namespace

void apply_state(Pass& pass, Resource& rsc, Node& node, OnFail on_fail) {
  WorkingSet& set = pass.set;
  remember_known(rsc, node);
  fence_lost_node(set, rsc, node);
  const bool failed = on_fail != OnFail::ignore;
  if (node.unclean) on_fail = OnFail::ignore;  // fencing sees to all of it
  apply_on_fail(pass, rsc, node, on_fail);

  // A connection that failed is no reason to hope: its node is fenced even if the connection could be made elsewhere
  Node* behind = rsc.failed ? node_behind(set, rsc) : nullptr;
  if (behind != nullptr && behind->unclean) behind->seen = true;

  if (is_active(rsc)) {
    add_active(set, rsc, node, on_fail, failed);
  } else if (rsc.history_name.find(':') != std::string::npos) {
    rsc.history_name.clear();  // a number of old, which would make a stopped instance look like a removed one
  } else {
    forget_stops(rsc, node);
  }
  // A stop on the source of a migration says nothing about its target
  const bool migrating_away = rsc.partial_migration_source == &node && rsc.partial_migration_target != nullptr && !rsc.running_on.empty();
  if (rsc.role == Role::stopped && migrating_away) rsc.role = Role::started;
}

}  // namespace relevo::policy::past
