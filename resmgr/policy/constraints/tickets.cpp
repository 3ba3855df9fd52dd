// Ticket constraints: which resources need a ticket, and what its absence means for them at once. What it means for
// promotion is decided when instances are promoted.
#include <fmt/format.h>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

bool role_matches(const Resource& rsc, const TicketConstraint& constraint) {
  return constraint.role == Role::unknown || constraint.role == rsc.role;
}

void ban(WorkingSet& set, Resource& rsc, const TicketConstraint& constraint) {
  add_location_score(set, rsc, nullptr, Score(-Score::infinity), Cause::ticket, set.intern(constraint.ticket->id));
}

/// The ticket was taken away from a resource that is active.
void lose(WorkingSet& set, Resource& rsc, const TicketConstraint& constraint) {
  switch (constraint.loss) {
    case LossPolicy::stop:
      ban(set, rsc, constraint);
      break;
    case LossPolicy::demote:
      if (constraint.role != Role::promoted) ban(set, rsc, constraint);
      break;
    case LossPolicy::fence:
      if (!role_matches(rsc, constraint)) return;
      ban(set, rsc, constraint);
      for (Node* node : rsc.running_on) fence_node(set, *node, "deadman ticket was lost", false);
      break;
    case LossPolicy::freeze:
      if (!role_matches(rsc, constraint)) return;
      rsc.managed = false;
      rsc.blocked = true;
      break;
  }
}

void apply(WorkingSet& set, Resource& rsc, const TicketConstraint& constraint) {
  const Ticket& ticket = *constraint.ticket;
  if (ticket.granted && !ticket.standby) return;
  if (!rsc.children.empty()) {
    for (Resource* child : rsc.children) apply(set, *child, constraint);
  } else if (!ticket.granted && !rsc.running_on.empty()) {
    lose(set, rsc, constraint);
  } else if (constraint.role != Role::promoted || constraint.loss == LossPolicy::stop) {
    ban(set, rsc, constraint);
  }
}

LossPolicy loss_policy(ConstraintReader& reader, const Ticket& ticket, std::string_view text, Role role) {
  if (text == "fence") {
    if (reader.set.options.stonith_enabled) return LossPolicy::fence;
    reader.error(fmt::format("Resetting 'loss-policy' for ticket '{}' to 'stop' because fencing is not configured", ticket.id));
    return LossPolicy::stop;
  }
  if (text == "freeze") return LossPolicy::freeze;
  if (text == "demote") return LossPolicy::demote;
  if (text == "stop") return LossPolicy::stop;
  return role == Role::promoted ? LossPolicy::demote : LossPolicy::stop;
}

void require_ticket(ConstraintReader& reader, std::string_view id, Resource& rsc, Ticket& ticket, std::string_view role,
                    std::string_view loss) {
  auto& made = reader.set.ticket_constraints.emplace_back();
  made.id = id;
  made.rsc = &rsc;
  made.ticket = &ticket;
  made.role = role_of(role) == Role::started ? Role::unknown : role_of(role);
  made.loss = loss_policy(reader, ticket, loss, made.role);
  rsc.tickets.push_back(&made);
  apply(reader.set, rsc, made);
}

/// The ticket; one that nobody knows yet is not granted.
Ticket& ticket_of(WorkingSet& set, std::string_view id) {
  for (auto& ticket : set.tickets) {
    if (ticket.id == id) return ticket;
  }
  auto& made = set.tickets.emplace_back();
  made.id = id;
  return made;
}

bool read_set(ConstraintReader& reader, const ResourceSet& set, Ticket& ticket, std::string_view loss) {
  if (set.broken) return false;
  if (set.id.empty()) {
    reader.error("Ignoring <resource_set> without id");
    return false;
  }
  for (const auto& id : set.members) {
    Resource* rsc = member(reader, set.id, id);
    if (rsc == nullptr) return false;
    require_ticket(reader, set.id, *rsc, ticket, set.role, loss);
  }
  return true;
}

}  // namespace

void read_ticket(ConstraintReader& reader, pugi::xml_node constraint) {
  const auto id = text_of(constraint, "id"), name = text_of(constraint, "ticket"), loss = text_of(constraint, "loss-policy");
  if (name.empty()) {
    reader.error(fmt::format("Ignoring constraint '{}' without ticket", id));
    return;
  }
  Ticket& ticket = ticket_of(reader.set, name);
  const auto sets = read_sets(reader, constraint);
  for (const auto& set : sets) {
    if (!read_set(reader, set, ticket, loss)) return;
  }
  if (!sets.empty()) return;
  const auto rsc_id = text_of(constraint, "rsc"), role = text_of(constraint, "rsc-role");
  if (rsc_id.empty()) {
    reader.error(fmt::format("Ignoring constraint '{}' without resource", id));
  } else if (is_known(reader, id, rsc_id)) {
    if (Resource* rsc = find_constrained(reader, rsc_id)) {
      require_ticket(reader, id, *rsc, ticket, role, loss);
      return;
    }
    ResourceSet tagged = end_as_set(reader, rsc_id);
    tagged.role = role;
    (void)read_set(reader, tagged, ticket, loss);
  }
}

}  // namespace relevo::policy
