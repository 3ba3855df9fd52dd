// The membership rule. Source: docs/internals/totem.md, "Choosing the members".
#include "membership/totem/choose.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

namespace relevo::totem {
namespace {

using Mask = std::uint64_t;
constexpr std::size_t most = 64;

Mask bit(std::size_t place) { return Mask{1} << place; }

/// Those of the candidates that come from one ring.
struct OldRing {
  Mask members = 0;
  bool quorate = false;
  std::uint64_t votes = 0;
};

/// The candidates by their place in the order of their numbers, and sets of them as masks.
struct Table {
  std::vector<NodeId> nodes;
  std::vector<const Candidate*> candidates;
  std::array<Mask, most> cut{};  // by place: whom the node is not connected with
  Mask known = 0;
  bool one_vote_each = true;
  std::vector<OldRing> rings;
};

std::uint64_t votes_of(const Table& t, Mask set) {
  if (t.one_vote_each) return static_cast<std::uint64_t>(std::popcount(set));
  std::uint64_t votes = 0;
  for (; set != 0; set &= set - 1) votes += t.candidates[static_cast<std::size_t>(std::countr_zero(set))]->votes;
  return votes;
}

/// Whom the candidate at `place` says it hears; both lists are sorted.
Mask hears(const Table& t, std::size_t place) {
  const auto& who = *t.candidates[place];
  if (!who.known) return ~Mask{0};
  Mask out = 0;
  auto next = who.hears.begin();
  for (std::size_t i = 0; i < t.nodes.size(); ++i) {
    while (next != who.hears.end() && *next < t.nodes[i]) ++next;
    if (next != who.hears.end() && *next == t.nodes[i]) out |= bit(i);
  }
  return out;
}

void add_cuts(Table& t) {
  std::array<Mask, most> heard{};
  for (std::size_t a = 0; a < t.nodes.size(); ++a) {
    heard[a] = hears(t, a);
    for (std::size_t b = 0; b < a; ++b) {
      if ((heard[a] & bit(b)) != 0 && (heard[b] & bit(a)) != 0) continue;
      t.cut[a] |= bit(b);
      t.cut[b] |= bit(a);
    }
  }
}

Table table_of(NodeId self, const std::map<NodeId, Candidate>& all) {
  Table t;
  const bool has_self = all.contains(self);
  std::map<RingId, OldRing> rings;
  for (const auto& [node, candidate] : all) {
    const auto room = most - (node < self && has_self ? 1 : 0);
    if (t.nodes.size() >= room && node != self) continue;
    const auto place = bit(t.nodes.size());
    t.nodes.push_back(node);
    t.candidates.push_back(&candidate);
    t.one_vote_each = t.one_vote_each && candidate.votes == 1;
    if (candidate.known) t.known |= place;
    if (candidate.old_ring.seq == 0) continue;
    auto& ring = rings[candidate.old_ring];
    ring.members |= place;
    ring.quorate = ring.quorate || candidate.quorate;
  }
  add_cuts(t);
  for (auto& [id, ring] : rings) {
    ring.votes = votes_of(t, ring.members);
    t.rings.push_back(ring);
  }
  return t;
}

/// How good a set is; greater is better. No part of a set is better than the whole: that is what search() cuts off by.
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
  worth.votes = votes_of(t, set & t.known);
  for (const auto& ring : t.rings) {
    worth.from_one_ring = std::max(worth.from_one_ring, std::popcount(ring.members & set));
    if (ring.quorate) worth.keeps_quorate_ring |= 2 * votes_of(t, ring.members & set) > ring.votes;
  }
  return worth;
}

/// For the best complete set within one set of nodes.
class Search {
 public:
  Search(const Table& t, Mask left) : t_(t) {
    Cuts cuts{};
    unsigned torn = 0;
    for (Mask rest = left; rest != 0; rest &= rest - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(rest));
      cuts[i] = static_cast<std::uint8_t>(std::popcount(t.cut[i] & left));
      torn += cuts[i] != 0 ? 1U : 0U;
    }
    // All sets of up to 8 nodes are fewer than 512. A large network in shreds has more than anybody can look at.
    patience_ = std::clamp(512U * 64U / std::max(torn * torn, 1U), 32U, 512U);
    visit(left, cuts);
  }
  [[nodiscard]] Mask best() const { return best_.set; }

 private:
  using Cuts = std::array<std::uint8_t, most>;  // by place: how many of those that are left it is cut off from

  /// Tries the complete sets within `left`, beginning with the one where whoever lacks most connections goes first.
  void visit(Mask left, const Cuts& cuts) {
    if (patience_ == 0) return;
    const auto worth = worth_of(t_, left);
    if (best_.set != 0 && !worth.is_better_than(best_)) {
      --patience_;
      return;
    }
    // Of several the last: lower node numbers stay.
    const auto worst = static_cast<std::size_t>(cuts.rend() - std::max_element(cuts.rbegin(), cuts.rend()) - 1);
    if (cuts[worst] == 0) {
      --patience_;
      best_ = worth;
      return;
    }
    visit_without(left, cuts, bit(worst));
    visit_without(left, cuts, t_.cut[worst] & left);
  }

  void visit_without(Mask left, Cuts cuts, Mask gone) {
    left &= ~gone;
    for (; gone != 0; gone &= gone - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(gone));
      cuts[i] = 0;
      for (Mask others = t_.cut[i] & left; others != 0; others &= others - 1) --cuts[static_cast<std::size_t>(std::countr_zero(others))];
    }
    visit(left, cuts);
  }

  const Table& t_;
  unsigned patience_ = 0;  // complete sets that may still be looked at, or branches cut off
  Worth best_;
};

}  // namespace

std::vector<NodeId> choose_members(NodeId self, const std::map<NodeId, Candidate>& candidates) {
  const auto table = table_of(self, candidates);
  const auto place = static_cast<std::size_t>(std::ranges::find(table.nodes, self) - table.nodes.begin());
  if (place >= table.nodes.size()) return {self};
  Mask left = table.nodes.size() >= most ? ~Mask{0} : bit(table.nodes.size()) - 1;
  while ((left & bit(place)) != 0) {
    const Mask best = Search(table, left).best();
    left &= ~best;
    if ((best & bit(place)) == 0) continue;
    std::vector<NodeId> members;
    for (std::size_t i = 0; i < table.nodes.size(); ++i)
      if ((best & bit(i)) != 0) members.push_back(table.nodes[i]);
    return members;
  }
  return {self};
}

}  // namespace relevo::totem
