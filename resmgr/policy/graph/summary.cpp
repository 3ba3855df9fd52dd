// The transition summary: what changes for nodes and resources, one line each. Resources that stay as they are have no
// line. Source: resmgr spec 2(a) stage 12; crm_simulate(8).
#include <fmt/format.h>

#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {
namespace {

using Lines = std::vector<SummaryLine>;

/// What is planned for one resource, and where it is and will be.
struct Planned {
  Resource& rsc;
  Node* current = nullptr;
  Node* next = nullptr;
  Action* start = nullptr;
  Action* stop = nullptr;
  Action* promote = nullptr;
  Action* demote = nullptr;
  Action* migrate = nullptr;

  [[nodiscard]] bool moving() const { return current != nullptr && next != nullptr && current != next; }
  [[nodiscard]] bool start_is_blocked() const { return start != nullptr && !start->runnable; }
};

bool is_required(const Action* action) { return action != nullptr && !action->optional; }

Action* first_of(const Resource& rsc, std::string_view task, const Node* node) {
  const auto found = find_actions(rsc, op_key(rsc.id, task), node);
  return found.empty() ? nullptr : found.front();
}

/// Active on several nodes, and only those where it should not be are stopped.
bool stops_elsewhere(const Resource& rsc) {
  return rsc.multiple_active == MultipleActive::stop_unexpected && rsc.running_on.size() > 1;
}

Planned look_up(Resource& rsc, Node* current) {
  Planned plan{rsc, current, rsc.assigned_to};
  plan.start = first_of(rsc, "start", plan.next);
  // With a start that happens the stop is the one where the resource is now; else it is any.
  plan.stop = first_of(rsc, "stop", plan.start == nullptr || !plan.start->runnable ? nullptr : current);
  if (plan.stop == nullptr && stops_elsewhere(rsc)) plan.stop = first_of(rsc, "stop", nullptr);
  plan.promote = first_of(rsc, "promote", plan.next);
  plan.demote = first_of(rsc, "demote", plan.next);
  plan.migrate = first_of(rsc, "migrate_from", plan.next);
  return plan;
}

bool has_roles(const Resource& rsc) { return rsc.role > Role::started || rsc.next_role > Role::unpromoted; }

/// Where from, where to, and in which roles where roles matter.
std::string details_of(const Resource& rsc, const Node* from, const Node* to) {
  const bool roles = has_roles(rsc);
  const bool same_role = rsc.role == rsc.next_role;
  const std::string_view now = name(rsc.role);
  const std::string_view later = name(rsc.next_role);
  if (from == nullptr) return roles ? fmt::format("{} -> {} {}", now, later, to->name) : to->name;
  if (to == nullptr || (same_role && from == to)) return roles ? fmt::format("{} {}", now, from->name) : from->name;
  if (same_role && roles) return fmt::format("{} -> {} {}", from->name, to->name, now);
  if (same_role) return fmt::format("{} -> {}", from->name, to->name);
  if (from == to) return fmt::format("{} -> {} {}", now, later, from->name);
  return fmt::format("{} {} -> {} {}", now, from->name, later, to->name);
}

/// A line about `action`; the reason is that of `told_by`, when there is one.
void add(Lines& out, std::string_view verb, const Resource& rsc, const Node* from, const Node* to, const Action* action,
         const Action* told_by = nullptr) {
  if (from == nullptr && to == nullptr) return;
  const Action* source = told_by == nullptr ? action : told_by;
  SummaryLine line{std::string(verb), rsc.id, details_of(rsc, from, to), source == nullptr ? "" : source->reason,
                   false};
  line.blocked = action != nullptr && !action->runnable;
  line.from = from == nullptr ? "" : from->name;
  line.to = to == nullptr ? "" : to->name;
  line.role = name(rsc.role);
  line.next_role = name(rsc.next_role);
  line.has_roles = has_roles(rsc);
  out.push_back(std::move(line));
}

const Action* with_reason(const Action* action, const Action* otherwise) {
  return action != nullptr && !action->reason.empty() ? action : otherwise;
}

/// The role stays: it is moved, restarted or left alone.
void add_same_role(Lines& out, const Planned& p) {
  if (p.next == nullptr) return;
  if (p.migrate != nullptr && p.current != nullptr && p.migrate->runnable) {
    add(out, "Migrate", p.rsc, p.current, p.next, p.start);
  } else if (p.rsc.reload) {
    add(out, "Reload", p.rsc, p.current, p.next, p.start);
  } else if (!is_required(p.start)) {
    if (is_required(p.demote) && is_required(p.promote)) {
      add(out, "Re-promote", p.rsc, p.current, p.next, p.promote, p.demote);
    }
  } else if (!p.start->runnable) {
    add(out, "Stop", p.rsc, p.current, nullptr, p.stop, with_reason(p.stop, p.start));
  } else if (p.moving()) {
    add(out, p.rsc.failed ? "Recover" : "Move", p.rsc, p.current, p.next, p.stop);
  } else if (p.rsc.failed) {
    add(out, "Recover", p.rsc, p.current, nullptr, p.stop);
  } else {
    add(out, "Restart", p.rsc, p.current, p.next, p.start);
  }
}

void add_stops(Lines& out, const Planned& p) {
  for (Node* node : p.rsc.running_on) {
    const Action* stop = first_of(p.rsc, "stop", node);
    add(out, "Stop", p.rsc, node, nullptr, stop, with_reason(stop, p.start));
  }
}

void add_other_role(Lines& out, const Planned& p) {
  const Resource& rsc = p.rsc;
  if (p.stop != nullptr && (rsc.next_role == Role::stopped || p.start_is_blocked())) {
    add_stops(out, p);
  } else if (p.stop != nullptr && rsc.failed && rsc.needs_stop) {
    add(out, "Recover", rsc, p.current, p.next, p.stop, p.start);
  } else if (p.moving()) {
    add(out, "Move", rsc, p.current, p.next, p.stop);
  } else if (rsc.reload) {
    add(out, "Reload", rsc, p.current, p.next, p.start);
  } else if (is_required(p.stop)) {
    add(out, "Restart", rsc, p.current, p.next, p.start);
  } else if (rsc.role == Role::promoted) {
    add(out, "Demote", rsc, p.current, p.next, p.demote);
  } else if (rsc.next_role == Role::promoted) {
    add(out, "Promote", rsc, p.current, p.next, p.promote);
  } else if (rsc.role == Role::stopped && rsc.next_role > Role::stopped) {
    add(out, "Start", rsc, p.current, p.next, p.start);
  }
}

void add_primitive(Lines& out, Resource& rsc) {
  Node* current = active_node(rsc);
  // Planning a recovery may have taken the role away, but where it is active it is started at least.
  if (current != nullptr && rsc.role == Role::stopped) rsc.role = Role::started;
  if (!rsc.managed || (current == nullptr && (rsc.assigned_to == nullptr || rsc.removed))) return;
  const Planned plan = look_up(rsc, current);
  if (rsc.role == rsc.next_role) {
    add_same_role(out, plan);
  } else {
    add_other_role(out, plan);
  }
}

void add_resource(Lines& out, Resource& rsc) {
  if (rsc.is(Variant::bundle)) {
    if (!rsc.bundle) return;
    for (const Replica& replica : rsc.bundle->replica) {
      for (Resource* part : {replica.ip, replica.container, replica.remote, replica.child}) {
        if (part != nullptr) add_resource(out, *part);
      }
    }
  } else if (!rsc.children.empty()) {
    for (Resource* child : rsc.children) add_resource(out, *child);
  } else {
    add_primitive(out, rsc);
  }
}

/// `NODE`, or with the container that a guest lives in.
std::string node_text(const Node& node) {
  return node.is_guest() ? fmt::format("{} (resource: {})", node.name, node.connection->container->id) : node.name;
}

void add_node_action(Lines& out, const Action& action) {
  if (action.rsc != nullptr || action.optional || action.node == nullptr) return;
  if (action.task == "do_shutdown") {
    out.push_back({"Shutdown", node_text(*action.node), "", action.reason, false});
  } else if (action.task == "stonith") {
    const auto operation = action.meta.find("stonith_action");
    out.push_back({"Fence", node_text(*action.node), operation == action.meta.end() ? "" : operation->second,
                   action.reason, false});
  }
}

}  // namespace

std::vector<SummaryLine> summary(WorkingSet& set) {
  Lines out;
  for (std::size_t i = set.actions.size(); i-- > 0;) add_node_action(out, *set.actions[i]);
  for (Resource* rsc : set.resources) add_resource(out, *rsc);
  return out;
}

}  // namespace relevo::policy
