// What a Join means in each state. Stale joins are known by their ring number.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::on_packet(NodeId from, const wire::Join& packet) {
  ++counters.joins_received;
  known_ring_seq = std::max(known_ring_seq, packet.ring_seq);
  if (packet.leave) return on_leave_of(from);
  left.erase(from);
  learn(from, {packet.hears, {}, {}, {packet.votes, packet.quorate}});
  if (auto* gather = std::get_if<Gather>(&state)) {
    gather->joins[from] = packet;
    gather->refused.erase(from);
    return on_new_facts(*gather);
  }
  if (std::holds_alternative<Operational>(state)) return join_in_operation(from, packet);
  join_in_transit(from, packet);
}

/// The leaver says so itself: nobody has to wait for its links to fall silent.
void Ring::Core::on_leave_of(NodeId from) {
  heard.erase(from);
  left.insert(from);
  if (auto* gather = std::get_if<Gather>(&state)) {
    gather->joins.erase(from);
    return on_new_facts(*gather);
  }
  std::vector<NodeId> members;
  if (const auto* commit = std::get_if<Commit>(&state))
    for (const auto& entry : commit->token.members) members.push_back(entry.node);
  if (const auto* ring = circuit()) members = ring->members;
  if (has_node(members, from)) enter_gather(GatherReason::peer_left, fmt::format("node {} left", from));
}

/// Commit and recovery: a member that gathers again has given this attempt up. A join from before the attempt
/// bears a lower ring number; when the member never saw the attempt, its disagreement must show twice, because one
/// such join may have been under way since before it agreed.
void Ring::Core::join_in_transit(NodeId from, const wire::Join& packet) {
  auto* commit = std::get_if<Commit>(&state);
  auto* recovery = std::get_if<Recovery>(&state);
  const auto& attempt = commit != nullptr ? commit->token : recovery->commit;
  std::vector<NodeId> members;
  for (const auto& entry : attempt.members) members.push_back(entry.node);
  if (!has_node(members, from)) return drop("join of a stranger while a ring forms");
  if (packet.ring_seq < attempt.ring.seq) {
    auto& seen = commit != nullptr ? commit->dissent[from] : recovery->dissent[from];
    if (packet.proposal == members || ++seen < 2) return drop("join from before the commit token");
  }
  gather_with(from, packet, GatherReason::member_gathers, fmt::format("node {} gathers while ring {} forms", from, attempt.ring));
}

void Ring::Core::join_in_operation(NodeId from, const wire::Join& packet) {
  if (has_node(installed.members, from)) {
    if (packet.ring_seq < installed.ring.seq) return drop("join from before this ring");
    return gather_with(from, packet, GatherReason::member_gathers, fmt::format("node {} gathers", from));
  }
  auto& let_in = backoff[from].let_in;
  const bool is_too_soon = let_in && now - *let_in < options.merge;
  const bool wants_us = std::ranges::includes(packet.proposal, installed.members);
  const bool is_welcome = (wants_us && is_admissible(from, packet.hears)) || has_node(better_ring(), from);
  if (is_welcome && !is_too_soon && would_choose(from, packet)) {
    let_in = now;
    return gather_with(from, packet, GatherReason::stranger, fmt::format("node {} asks to join", from));
  }
  if (!is_up(from)) return;
  send_to(from, wire::MergeDetect{installed.ring, installed.members, workable(), true, standing.votes, standing.quorate});
}

/// Where many nodes meet, a ring with the asker may be possible and a ring of others better. Gathering for somebody who is
/// not chosen in the end only forms the same ring again, once for each who asks.
bool Ring::Core::would_choose(NodeId asker, const wire::Join& packet) const {
  Gather gather;
  gather.joins[asker] = packet;
  return has_node(propose(gather, partners(gather)), asker);
}

void Ring::Core::gather_with(NodeId from, const wire::Join& packet, GatherReason reason, const std::string& text) {
  Gather gather;
  gather.joins[from] = packet;  // before the first look, or this node might found a ring of its own
  enter_gather(reason, text, std::move(gather));
}

}  // namespace relevo::totem
