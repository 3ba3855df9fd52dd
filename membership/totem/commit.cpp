// COMMIT: the token that carries everybody's position goes round twice. Source: Totem (Amir et al. 1995), section 5.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {

bool has_members(const wire::CommitToken& token, const std::vector<NodeId>& members) {
  return std::ranges::equal(token.members, members, {}, &wire::CommitEntry::node);
}

bool same_members(const wire::CommitToken& a, const wire::CommitToken& b) {
  return std::ranges::equal(a.members, b.members, {}, &wire::CommitEntry::node, &wire::CommitEntry::node);
}

}  // namespace

void Ring::Core::create_commit() {
  if (known_ring_seq > last_ring_seq)
    return say(Level::error, "no ring can be formed: a node knows of ring number {:x}, which is at the end of all", known_ring_seq);
  wire::CommitToken token;
  token.ring = {self, known_ring_seq + 4};
  for (const auto node : std::get<Gather>(state).proposal) token.members.push_back({node, {}, {}, {}, {}, 0});
  enter_commit(std::move(token), 0);
}

/// First sight of the commit token: from here on the old ring's frames are frozen, because the others count on the
/// position written here.
void Ring::Core::enter_commit(wire::CommitToken token, std::size_t position) {
  token.members[position] = {self,           installed.ring, installed.log.aru(), installed.log.high(),
                             installed.safe, installed.obligations};
  token.hop = static_cast<std::uint16_t>(position + 1);
  known_ring_seq = std::max(known_ring_seq, token.ring.seq);
  committed_ring_seq = token.ring.seq;
  out.store = token.ring.seq;
  say(Level::debug, "committing to ring {} as member {} of {}", token.ring, position + 1, token.members.size());
  timers.stop_all();
  timers.arm(TimerId::token_loss, now + options.token);
  ++counters.commit_entered;
  if (token.members.size() == 1) return enter_recovery(token, 0);
  ++counters.commit_tokens_sent;
  send_to(token.members[(position + 1) % token.members.size()].node, token);
  state = Commit{std::move(token), 0, position, {}};
  arm_retransmit(0);
}

void Ring::Core::on_packet(NodeId from, const wire::CommitToken& packet) {
  ++counters.commit_tokens_received;
  known_ring_seq = std::max(known_ring_seq, packet.ring.seq);
  if (std::holds_alternative<Gather>(state)) return commit_in_gather(from, packet);
  if (std::holds_alternative<Commit>(state)) return commit_in_commit(from, packet);
  const auto* recovery = std::get_if<Recovery>(&state);
  const bool is_round_trip = recovery != nullptr && recovery->position == 0 && !recovery->token_seen &&
                             recovery->commit.ring == packet.ring && same_members(recovery->commit, packet) &&
                             packet.hop == 2 * packet.members.size() && from == recovery->circuit.previous;
  if (!is_round_trip) return drop("commit token that is not expected");
  send_first_token();
}

/// Taken only when it is for exactly the set this node proposes and never for an older ring than it was part of.
void Ring::Core::commit_in_gather(NodeId from, const wire::CommitToken& packet) {
  const auto& proposal = std::get<Gather>(state).proposal;
  if (packet.ring.seq <= committed_ring_seq) return drop("commit token of an old attempt");
  if (!has_members(packet, proposal)) return drop("commit token for other members");
  const auto position = static_cast<std::size_t>(std::ranges::find(proposal, self) - proposal.begin());
  if (position == 0 || packet.hop != position || from != proposal[position - 1]) return drop("commit token out of turn");
  enter_commit(packet, position);
}

void Ring::Core::commit_in_commit(NodeId from, const wire::CommitToken& packet) {
  const auto& commit = std::get<Commit>(state);
  const auto size = commit.token.members.size();
  const auto position = commit.position;
  if (packet.ring != commit.token.ring || !same_members(packet, commit.token)) return drop("commit token of another ring");
  if (packet.hop != size + position || from != commit.token.members[(position + size - 1) % size].node)
    return drop("commit token out of turn");
  if (packet.members[position] != commit.token.members[position]) return drop("commit token that changed our entry");
  for (const auto& entry : packet.members)
    if (entry.old_ring == installed.ring && entry.high.value - std::min(entry.high, installed.log.released()).value > installed.log.limit())
      return drop("commit token with impossible positions");
  enter_recovery(packet, position);
}

}  // namespace relevo::totem
