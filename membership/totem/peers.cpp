// Strangers in sight: who could be let into the ring, who must wait, and what is told to whom.
// The decision who forms a ring is not here: choose.cpp.
#include <algorithm>
#include <utility>

#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {
constexpr unsigned max_backoff_level = 5;
constexpr Duration max_backoff = 4s;
constexpr Duration stable_membership = 10s;  // a member for so long is let in again without waiting
constexpr Duration first_quarantine = 1s;
constexpr Duration longest_quarantine = 15s;
constexpr Duration forgiven_after = 60s;
}  // namespace

bool Ring::Core::is_waiting(NodeId peer) const {
  const auto found = backoff.find(peer);
  return found != backoff.end() && found->second.not_before > now && !has_node(installed.members, peer);
}

bool Ring::Core::is_quarantined(NodeId peer) const {
  const auto found = backoff.find(peer);
  return found != backoff.end() && found->second.quarantined_until > now;
}

/// A ring with this peer did not work though everybody thought that it would: it stays out for a while that doubles,
/// also when it asks, and hears so in what this node announces.
void Ring::Core::quarantine(NodeId peer) {
  auto& entry = backoff[peer];
  if (now - entry.member_since > forgiven_after) entry.quarantines = 0;
  const auto wait = std::min<Duration>(first_quarantine * (1U << entry.quarantines), longest_quarantine);
  entry.quarantines = std::min(entry.quarantines + 1, max_backoff_level);
  entry.quarantined_until = now + wait;
  ++counters.quarantines;
  say(Level::warning, "node {} does not receive frames: shut out for {} ms", peer, to_ms(wait));
}

/// Anything at all came from this peer.
void Ring::Core::hear(NodeId peer) {
  if (!mute.empty()) mute.erase(peer);
}

void Ring::Core::learn(NodeId from, Heard said) {
  said.at = now;
  heard[from] = std::move(said);
}

/// Operational nodes that see strangers repeat what they say; one that fell silent is not waited for.
bool Ring::Core::is_fresh(const Heard& said) const { return now - said.at < std::max<Duration>(1s, 5 * options.merge); }

/// Whom this node could have in a ring now.
std::vector<NodeId> Ring::Core::workable() const {
  std::vector<NodeId> nodes;
  for (const auto peer : up)
    if (!left.contains(peer) && !mute.contains(peer) && !is_quarantined(peer)) nodes.push_back(peer);
  return nodes;
}

bool Ring::Core::has_strangers() const {
  return std::ranges::any_of(up, [&](NodeId peer) { return !has_node(installed.members, peer); });
}

/// Every member hears the stranger and the stranger hears every member: with it the ring would be whole.
bool Ring::Core::is_admissible(NodeId stranger, const std::vector<NodeId>& its_hears) const {
  if (!is_up(stranger) || left.contains(stranger) || is_quarantined(stranger)) return false;
  return std::ranges::all_of(installed.members, [&](NodeId member) {
    if (!has_node(its_hears, member)) return false;
    if (member == self) return true;
    const auto found = heard.find(member);
    return found != heard.end() && has_node(found->second.hears, stranger);
  });
}

void Ring::Core::announce() {
  ++counters.merge_detects_sent;
  announced_at = now;
  send_all(wire::MergeDetect{installed.ring, installed.members, workable(), false, standing.votes, standing.quorate});
  if (has_strangers() && !timers.is_armed(TimerId::merge)) timers.arm(TimerId::merge, now + options.merge);
}

void Ring::Core::on_merge_timer() {
  if (!std::holds_alternative<Operational>(state) || !has_strangers()) return;
  announce();
  evaluate_merge();
  evaluate_better_ring();
}

/// The moment is over in which more facts were to come.
void Ring::Core::on_settle_timer() {
  if (auto* gather = std::get_if<Gather>(&state)) return refresh_gather(std::exchange(gather->owes_join, false));
  evaluate_merge();
}

/// Starts to gather when strangers can be let in, after a moment, and their whole ring can; else see better.cpp. Who
/// failed lately is not asked again so soon, but may ask.
void Ring::Core::evaluate_merge() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || !has_strangers()) return;
  std::map<NodeId, Instant> good;
  for (const auto& [peer, said] : heard) {
    if (has_node(installed.members, peer) || !is_fresh(said) || !is_admissible(peer, said.hears)) continue;
    const auto before = operational->good_since.find(peer);
    good[peer] = before == operational->good_since.end() ? now : before->second;
    // Strangers often come several at a time: a moment's patience spares forming the ring several times.
    if (good[peer] == now) timers.arm(TimerId::settle, now + options.join / 5);
  }
  operational->good_since = good;
  for (const auto& [peer, since] : good) {
    if (is_worth_asking(peer, since, good)) return enter_gather(GatherReason::stranger, fmt::format("node {} is in sight", peer));
  }
}

bool Ring::Core::is_worth_asking(NodeId peer, Instant since, const std::map<NodeId, Instant>& good) const {
  const auto& its_ring = heard.at(peer).members;
  const auto is_kept_waiting = [&](NodeId node) { return good.contains(node) && is_waiting(node); };
  if (is_waiting(peer) || std::ranges::any_of(its_ring, is_kept_waiting) || now - since < options.join / 5) return false;
  return std::ranges::all_of(its_ring, [&](NodeId node) { return good.contains(node) || has_node(installed.members, node); });
}

void Ring::Core::on_packet(NodeId from, const wire::MergeDetect& packet) {
  ++counters.merge_detects_received;
  known_ring_seq = std::max(known_ring_seq, packet.ring.seq);
  if (has_node(packet.members, from)) {
    left.erase(from);
    learn(from, {packet.hears, packet.members, {}, {packet.votes, packet.quorate}, packet.ring});
  }
  if (auto* gather = std::get_if<Gather>(&state); gather != nullptr && packet.refusal) {
    gather->refused.insert(from);
    gather->joins.erase(from);
    return on_new_facts(*gather);
  }
  // A member sees strangers that this node does not see: its judgement needs the facts of all.
  const bool is_asked = std::holds_alternative<Operational>(state) && has_node(installed.members, from) && !has_strangers();
  if (is_asked && now - announced_at >= options.merge) announce();
  evaluate_merge();
}

/// After a ring was installed: who did not make it, or fell out soon after it came, waits longer the next time.
void Ring::Core::settle_backoff(const std::vector<NodeId>& before, const std::vector<NodeId>& after) {
  const auto postpone = [&](NodeId node, bool was_quick) {
    auto& entry = backoff[node];
    entry.level = was_quick ? std::min(entry.level + 1, max_backoff_level) : 0;
    const auto wait = entry.level == 0 ? Duration{0} : std::min<Duration>(options.merge * (1U << (entry.level - 1)), max_backoff);
    entry.not_before = now + wait;
  };
  for (const auto node : tried)
    if (!has_node(after, node) && !has_node(before, node)) postpone(node, true);
  for (const auto node : before)
    if (!has_node(after, node)) postpone(node, now - backoff[node].member_since < stable_membership);
  for (const auto node : after)
    if (node != self && !has_node(before, node)) backoff[node].member_since = now;
  tried.clear();
}

}  // namespace relevo::totem
