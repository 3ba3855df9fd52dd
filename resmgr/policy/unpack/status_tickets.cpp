// Tickets as the status knows them: granted, standby, since when. Constraints may make further ones that nobody has granted.
#include <algorithm>

#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/status_pass.hpp"

namespace relevo::policy::past {
namespace {

Ticket& ticket_of(WorkingSet& set, std::string_view id) {
  const auto at = std::find_if(set.tickets.begin(), set.tickets.end(), [&](const Ticket& ticket) { return ticket.id == id; });
  if (at != set.tickets.end()) return *at;
  Ticket& ticket = set.tickets.emplace_back();
  ticket.id = id;
  return ticket;
}

}  // namespace

void unpack_tickets(WorkingSet& set, pugi::xml_node tickets) {
  for (const auto state : tickets.children("ticket_state")) {
    const std::string_view id = state.attribute("id").value();
    if (id.empty()) continue;
    Ticket& ticket = ticket_of(set, id);
    set.have_tickets = true;
    for (const auto attribute : state.attributes()) {
      if (std::string_view(attribute.name()) != "id") ticket.state.insert_or_assign(attribute.name(), attribute.value());
    }
    ticket.granted = bool_of(ticket.state, "granted", false);
    ticket.standby = bool_of(ticket.state, "standby", false);
    ticket.last_granted = WallTime{number_of(state, "last-granted", ticket.last_granted.seconds)};
  }
}

}  // namespace relevo::policy::past
