// GATHER: nodes tell each other whom they hear until all of a set propose exactly that set.
// Source: Totem (Amir et al. 1995), section 5, with facts instead of fail lists (docs/internals/totem.md).
#include <algorithm>
#include <utility>

#include "membership/totem/choose.hpp"
#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {
constexpr unsigned beats_of_patience = 6;  // lost one after the other they would be a bad network indeed
constexpr unsigned prompt_joins = 8;       // enough for any ring whose members agree on who is there

/// The sender of `join` says that all of `nodes` spoke to it.
bool has_heard(const wire::Join& join, NodeId sender, const std::vector<NodeId>& nodes) {
  return std::ranges::all_of(nodes, [&](NodeId node) { return node == sender || has_node(join.spoke, node); });
}
}  // namespace

/// `gather` holds what is known already: the join that caused it, or who is to be left out.
void Ring::Core::enter_gather(GatherReason reason, const std::string& text, Gather gather) {
  ++counters.gathers;
  ++counters.continuous_gathers;
  ++counters.gathers_by[static_cast<std::size_t>(reason)];
  // Every member has seen whose fault it is that nothing went on, so all leave out the same node.
  if (const auto deaf = deaf_member(2)) quarantine(*deaf);
  if (const auto* operational = std::get_if<Operational>(&state)) {
    installed.safe = operational->circuit.safe;
  }
  say(Level::info, "gathering: {}", text);
  state = std::move(gather);
  timers.stop_all();
  timers.arm(TimerId::consensus, now + options.consensus);
  refresh_gather();
}

/// Peers that this node waits for: members of its ring, and strangers that showed that they could be in one with it.
std::vector<NodeId> Ring::Core::partners(const Gather& gather) const {
  std::vector<NodeId> nodes;
  const auto better = better_ring();
  for (const auto peer : workable()) {
    if (gather.suspects.contains(peer) || gather.refused.contains(peer)) continue;
    bool counts = has_node(installed.members, peer) || gather.joins.contains(peer);
    if (const auto said = heard.find(peer); !counts && said != heard.end()) {
      // Who was drawn in follows who asked: its own wait does not count against a stranger that a join names.
      const auto names_it = [&](const auto& entry) { return has_node(entry.second.hears, peer); };
      const bool is_wanted = !is_waiting(peer) || std::ranges::any_of(gather.joins, names_it);
      // A stranger whose ring cannot come whole would refuse, unless it finds the same ring better than its own.
      const bool would_come = std::ranges::all_of(said->second.members, [&](NodeId node) { return node == self || is_up(node); });
      counts = has_node(said->second.hears, self) && is_fresh(said->second) && is_wanted && (would_come || has_node(better, peer));
    }
    if (counts) nodes.push_back(peer);
  }
  return nodes;
}

std::vector<NodeId> Ring::Core::propose(const Gather& gather, const std::vector<NodeId>& hears) const {
  std::map<NodeId, Candidate> candidates;
  const auto add = [&](NodeId node) {
    if (candidates.contains(node) || node == self) return;
    Candidate candidate;
    if (const auto join = gather.joins.find(node); join != gather.joins.end()) {
      const auto& said = join->second;
      candidate = {true, said.old_ring, said.hears, said.votes, said.quorate};
    } else if (const auto told = heard.find(node); told != heard.end() && !told->second.members.empty() && is_fresh(told->second)) {
      const auto& said = told->second;
      candidate = {true, said.ring, said.hears, said.standing.votes, said.standing.quorate};
    } else if (has_node(installed.members, node)) {
      candidate.old_ring = installed.ring;
      if (const auto said = heard.find(node); said != heard.end()) candidate.votes = said->second.standing.votes;
    }
    candidates.emplace(node, std::move(candidate));
  };
  candidates[self] = {true, installed.ring, hears, standing.votes, standing.quorate};
  for (const auto node : hears) add(node);
  for (const auto node : hears) {
    const auto join = gather.joins.find(node);
    if (join == gather.joins.end()) continue;
    for (const auto further : join->second.hears) add(further);
  }
  return choose_members(self, candidates);
}

/// Few facts are looked at one by one, at once. Where dozens of nodes meet, each of them would answer each fact with a
/// new proposal to all: there what comes within a moment is looked at together.
void Ring::Core::on_new_facts(Gather& gather, bool owes_join) {
  if (gather.told < prompt_joins) return refresh_gather(owes_join);
  gather.owes_join |= owes_join;
  if (!timers.is_armed(TimerId::settle)) timers.arm(TimerId::settle, now + options.join / 5);
}

/// Looks at the facts again: after any of them changed, and at the pace of the join timer (`resend`), because waits
/// end by themselves and joins get lost.
void Ring::Core::refresh_gather(bool resend) {
  auto* gather = std::get_if<Gather>(&state);
  if (gather == nullptr) return;
  const auto hears = partners(*gather);
  for (const auto peer : hears)
    if (!has_node(installed.members, peer)) tried.insert(peer);
  const auto before = std::exchange(gather->proposal, propose(*gather, hears));
  if (gather->agreed && before != gather->proposal) withdraw_agreement(*gather);
  tell_proposal(*gather, hears, resend);
  const bool agreed = is_agreed(*gather, hears);
  if (agreed && !gather->agreed) {
    gather->agreed = true;
    return on_agreement();
  }
  if (!agreed && gather->agreed) withdraw_agreement(*gather);
}

/// Also when the next proposal is agreed on in the same breath: somebody has to create the commit token for it.
void Ring::Core::withdraw_agreement(Gather& gather) {
  gather.agreed = false;
  timers.stop(TimerId::token_loss);
  timers.arm(TimerId::consensus, now + options.consensus);
}

/// Joins are sent when they say something new, and at the pace of the timer.
void Ring::Core::tell_proposal(Gather& gather, const std::vector<NodeId>& hears, bool resend) {
  wire::Join join{known_ring_seq, installed.ring, gather.proposal, hears, false, standing.votes, standing.quorate, {}};
  for (const auto& [peer, said] : gather.joins) join.spoke.push_back(peer);
  if (join.spoke.size() > wire::max_nodes) join.spoke.resize(wire::max_nodes);
  const auto& sent = gather.sent;
  const bool is_news = !sent || sent->proposal != join.proposal || sent->hears != join.hears || sent->votes != join.votes ||
                       sent->quorate != join.quorate;
  const bool is_complete = has_heard(join, self, join.proposal) && (!sent || !has_heard(*sent, self, join.proposal));
  if (is_news) timers.arm(TimerId::consensus, now + options.consensus);
  if (!is_news && !is_complete && !resend) return;
  ++counters.joins_sent;
  ++gather.told;
  send_all(join);
  gather.sent = std::move(join);
  timers.arm(TimerId::join, now + options.join);
}

void Ring::Core::on_join_timer() {
  auto* gather = std::get_if<Gather>(&state);
  if (gather == nullptr) return;
  ++gather->rounds;
  gather->told = 0;
  leave_out_unheard(*gather);
  refresh_gather(true);
}

/// Others hear a node speak that this one does not hear, though each speaks at every beat of the timer: the way from
/// there to here is cut, whatever the links say, and waiting longer would show nothing new.
void Ring::Core::leave_out_unheard(Gather& gather) {
  if (gather.rounds < beats_of_patience || gather.agreed) return;
  for (const auto node : gather.proposal) {
    if (node == self || gather.joins.contains(node)) continue;
    const bool speaks = std::ranges::any_of(gather.joins, [&](const auto& said) { return has_node(said.second.spoke, node); });
    if (!speaks) continue;
    say(Level::warning, "node {} is heard by others and not here: going on without it", node);
    gather.suspects.insert(node);
    mute.insert(node);
  }
}

/// All of the proposal propose it, and each says that it heard all the others: a connection that works in one direction
/// only shows here and not as a lost token. Leaving out somebody who hears us, whom we hear and who wants us is not
/// decided in haste: while nodes meet, facts arrive one by one, and a ring formed on half of them would have to be formed
/// again. Nor is staying alone while others there gather, whomever they want: the next who asks would begin it anew.
bool Ring::Core::is_agreed(Gather& gather, const std::vector<NodeId>& hears) const {
  const bool stays_alone = gather.proposal.size() == 1 && installed.members.size() <= 1;
  const bool contested = std::ranges::any_of(hears, [&](NodeId node) {
    const auto said = gather.joins.find(node);
    return said != gather.joins.end() && has_node(said->second.hears, self) && !has_node(gather.proposal, node) &&
           (stays_alone || has_node(said->second.proposal, self));
  });
  if (!contested) gather.contested_since.reset();
  if (contested && !gather.contested_since) gather.contested_since = now;
  if (contested && now - *gather.contested_since < 2 * options.join) return false;
  return std::ranges::all_of(gather.proposal, [&](NodeId node) {
    const auto said = gather.joins.find(node);
    if (node == self) return true;
    if (said == gather.joins.end() || said->second.proposal != gather.proposal) return false;
    return has_heard(said->second, node, gather.proposal);
  });
}

void Ring::Core::on_agreement() {
  const auto& proposal = std::get<Gather>(state).proposal;
  timers.stop(TimerId::consensus);
  if (proposal.front() == self) return create_commit();
  timers.arm(TimerId::token_loss, now + options.token);
}

/// Peers whose links are up but who do not speak, or who keep proposing something else, are left out.
void Ring::Core::on_consensus_timeout() {
  auto* gather = std::get_if<Gather>(&state);
  if (gather == nullptr || gather->agreed) return;
  ++counters.consensus_timeouts;
  std::vector<NodeId> silent;
  std::vector<NodeId> dissenting;
  for (const auto node : gather->proposal) {
    if (node == self) continue;
    const auto said = gather->joins.find(node);
    if (said == gather->joins.end())
      silent.push_back(node);
    else if (said->second.proposal != gather->proposal)
      dissenting.push_back(node);
  }
  const auto& out_of_patience = silent.empty() ? dissenting : silent;
  say(Level::warning, "no agreement after {} ms: going on without {}", to_ms(options.consensus), node_list(out_of_patience));
  gather->suspects.insert(out_of_patience.begin(), out_of_patience.end());
  mute.insert(silent.begin(), silent.end());
  timers.arm(TimerId::consensus, now + options.consensus);
  refresh_gather();
}

}  // namespace relevo::totem
