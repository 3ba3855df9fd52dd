// The membership rule. Source: docs/internals/totem.md, "Choosing the members".
#include "membership/totem/choose.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

namespace relevo::totem {
namespace {

using Mask = std::uint64_t;
constexpr std::size_t most = 64;
constexpr unsigned patience = 512;  // complete sets looked at: enough for every network of a few broken cables

/// The candidates by their place in the order of their numbers, and sets of them as masks.
struct Table {
  std::vector<NodeId> nodes;
  std::vector<const Candidate*> candidates;
  std::vector<Mask> cut;                  // by place: whom the node is not connected with
  std::map<RingId, Mask> rings;           // who comes from where
  std::map<RingId, std::uint64_t> votes;  // of quorate rings, all that are candidates
};

bool says_it_hears(const Candidate& who, NodeId whom) {
  return !who.known || std::binary_search(who.hears.begin(), who.hears.end(), whom);
}

Mask bit(std::size_t place) { return Mask{1} << place; }

Table table_of(NodeId self, const std::map<NodeId, Candidate>& all) {
  Table t;
  for (const auto& [node, candidate] : all) {
    const auto room = most - (node < self && all.contains(self) ? 1 : 0);
    if (t.nodes.size() >= room && node != self) continue;
    t.nodes.push_back(node);
    t.candidates.push_back(&candidate);
  }
  t.cut.resize(t.nodes.size());
  for (std::size_t a = 0; a < t.nodes.size(); ++a) {
    const auto& candidate = *t.candidates[a];
    for (std::size_t b = 0; b < a; ++b) {
      if (says_it_hears(candidate, t.nodes[b]) && says_it_hears(*t.candidates[b], t.nodes[a])) continue;
      t.cut[a] |= bit(b);
      t.cut[b] |= bit(a);
    }
    if (candidate.old_ring.seq == 0) continue;
    t.rings[candidate.old_ring] |= bit(a);
    if (candidate.quorate) t.votes.try_emplace(candidate.old_ring, 0);
  }
  for (auto& [ring, votes] : t.votes)
    for (std::size_t i = 0; i < t.nodes.size(); ++i)
      if ((t.rings[ring] & bit(i)) != 0) votes += t.candidates[i]->votes;
  return t;
}

/// How good a complete set is; greater is better. The last part is smaller for lower node numbers, so it is negated.
struct Worth {
  bool keeps_quorate_ring = false;
  std::uint64_t votes = 0;
  int size = 0;
  int from_one_ring = 0;
  Mask set = 0;

  [[nodiscard]] bool is_better_than(const Worth& other) const {
    const auto mine = std::tie(keeps_quorate_ring, votes, size, from_one_ring);
    const auto theirs = std::tie(other.keeps_quorate_ring, other.votes, other.size, other.from_one_ring);
    if (mine != theirs) return mine > theirs;
    const Mask first = set ^ other.set;
    return first != 0 && (set & (first & (~first + 1))) != 0;  // has the lowest node in which they differ
  }
};

Worth worth_of(const Table& t, Mask set) {
  Worth worth;
  worth.set = set;
  worth.size = std::popcount(set);
  std::map<RingId, std::uint64_t> kept;
  for (std::size_t i = 0; i < t.nodes.size(); ++i) {
    if ((set & bit(i)) == 0) continue;
    const auto& candidate = *t.candidates[i];
    if (candidate.known) worth.votes += candidate.votes;
    if (const auto ring = t.votes.find(candidate.old_ring); ring != t.votes.end()) kept[ring->first] += candidate.votes;
  }
  for (const auto& [ring, votes] : kept) worth.keeps_quorate_ring |= 2 * votes > t.votes.at(ring);
  for (const auto& [ring, members] : t.rings) worth.from_one_ring = std::max(worth.from_one_ring, std::popcount(members & set));
  return worth;
}

/// Tries the complete sets within `left`, beginning with the one where whoever lacks most connections goes first.
void search(const Table& t, Mask left, unsigned& looked_at, Worth& best) {
  if (looked_at >= patience) return;
  std::size_t worst = most;
  int most_cuts = 0;
  for (std::size_t i = t.nodes.size(); i-- > 0;) {
    const int cuts = (left & bit(i)) != 0 ? std::popcount(t.cut[i] & left) : 0;
    if (cuts > most_cuts) {
      most_cuts = cuts;
      worst = i;
    }
  }
  if (worst == most) {
    ++looked_at;
    const auto worth = worth_of(t, left);
    if (best.set == 0 || worth.is_better_than(best)) best = worth;
    return;
  }
  search(t, left & ~bit(worst), looked_at, best);
  search(t, left & ~t.cut[worst], looked_at, best);
}

}  // namespace

std::vector<NodeId> choose_members(NodeId self, const std::map<NodeId, Candidate>& candidates) {
  const auto table = table_of(self, candidates);
  const auto place = static_cast<std::size_t>(std::ranges::find(table.nodes, self) - table.nodes.begin());
  if (place >= table.nodes.size()) return {self};
  Mask left = table.nodes.size() >= most ? ~Mask{0} : bit(table.nodes.size()) - 1;
  while ((left & bit(place)) != 0) {
    Worth best;
    unsigned looked_at = 0;
    search(table, left, looked_at, best);
    left &= ~best.set;
    if ((best.set & bit(place)) == 0) continue;
    std::vector<NodeId> members;
    for (std::size_t i = 0; i < table.nodes.size(); ++i)
      if ((best.set & bit(i)) != 0) members.push_back(table.nodes[i]);
    return members;
  }
  return {self};
}

}  // namespace relevo::totem
