// What the membership daemon says: connection, rings, quorum, views of the group.
#include <algorithm>

#include "resmgr/controller/impl.hpp"
#include "resmgr/controller/options.hpp"

namespace relevo::controller {

void Controller::Impl::on(Connected&& input, Turn& turn) {
  // The same connection again: the node list has changed while it was up.
  if (connected && client == input.client && self == input.local) {
    configured = std::move(input.nodes);
    replica.add_names(configured);
    return turn.say(Level::info, "the node list has changed: {} nodes", configured.size());
  }
  connected = true;
  joined = spoken = false;
  self = input.local;
  client = input.client;
  configured = std::move(input.nodes);
  replica.add_names(configured);
  name = replica.name_of(self);
  turn.say(Level::info, "connected to the membership daemon as node {} ({})", self, name);
}

void Controller::Impl::on(MembershipLost&& input, Turn& turn) {
  if (!connected) return;
  turn.say(Level::error, "the membership daemon is gone ({}): this node is cut off", input.reason);
  connected = joined = spoken = synced = was_synced = paused = false;
  shutdown_announced = false;
  without_quorum_since = turn.now - settings.no_quorum_limit;  // no patience: the others begin to count now
  members.clear();
  round = {};
  assembler.clear();
  disks.forget_members();
  commands.resend_all();
  replica.set_members_unsynced();
}

void Controller::Impl::on(PingAnswered&&, Turn& turn) {
  if (std::exchange(paused, false)) turn.say(Level::info, "the membership daemon answers: leases are renewed again");
}

void Controller::Impl::on(Configuration&& input, Turn& turn) {
  if (input.kind != Configuration::Kind::regular) return;
  for (const auto node : replica.set_ring(input)) {
    turn.say(Level::warning, "node {} left the ring after its resource manager", replica.name_of(node));
    leader.on_departure(node, Standing::lost, turn.now);
  }
}

void Controller::Impl::on(QuorumView&& input, Turn& turn) {
  const bool before = replica.quorum().quorate;
  if (input.quorate)
    without_quorum_since.reset();
  else if (!without_quorum_since)
    without_quorum_since = turn.now;
  const auto version = replica.cib().version();
  if (replica.set_quorum(input)) leader.on_change();
  if (before != input.quorate)
    turn.say(input.quorate ? Level::notice : Level::warning, "quorum {}: {}", input.quorate ? "gained" : "lost",
             input.reason);
  if (synced && on_disk(replica.cib().version()) != on_disk(version)) configuration_changed();
  leader.on_change();
}

void Controller::Impl::on(groups::GroupView&& view, Turn& turn) {
  if (view.group != group_name) return;
  members = view.members;
  const bool in = std::find(members.begin(), members.end(), me()) != members.end();
  for (const auto& departure : view.left)
    if (departure.member != me()) depart(departure, turn);
  if (!in) return;
  const bool newcomers = !view.joined.empty();
  if (newcomers || (!synced && !round.is_active()))
    begin_round(turn);
  else
    continue_round(turn);
  confirm_stored(turn);
}

void Controller::Impl::depart(const groups::Departure& departure, Turn& turn) {
  const auto& member = departure.member;
  const auto who = replica.name_of(member.node);
  constexpr const char* reasons[] = {"joined", "left", "came up", "is lost", "lost its resource manager"};
  turn.say(departure.reason == groups::Reason::leave ? Level::notice : Level::warning, "node {} {}", who,
           reasons[static_cast<std::size_t>(departure.reason)]);
  assembler.forget(member);
  disks.depart(member);
  round.depart(member);
  if (synced) {
    const auto standing = replica.depart(departure);
    leader.on_departure(member.node, standing, turn.now);
    return;
  }
  // The state to come will be told by everyone; the waiting starts now.
  const bool in_ring = replica.is_in_ring(member.node);
  auto standing = Standing::lost;
  if (departure.reason == groups::Reason::leave) standing = Standing::left;
  if (departure.reason == groups::Reason::process_down && in_ring) standing = Standing::process_gone;
  leader.on_departure(member.node, standing, turn.now);
}

}  // namespace relevo::controller
