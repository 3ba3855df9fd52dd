// The membership rule. Source: docs/internals/totem.md, "Choosing the members".
#include "membership/totem/choose.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace relevo::totem {
namespace {

using Candidates = std::map<NodeId, Candidate>;

bool says_it_hears(const Candidate& who, NodeId whom) {
  return !who.known || std::binary_search(who.hears.begin(), who.hears.end(), whom);
}

bool are_connected(const Candidates& all, NodeId a, NodeId b) {
  return says_it_hears(all.at(a), b) && says_it_hears(all.at(b), a);
}

/// Lower goes first.
using Rank = std::tuple<std::int64_t, bool, std::int64_t, std::int64_t>;

Rank rank(const Candidates& all, const std::map<RingId, std::int64_t>& ring_sizes, NodeId node, std::int64_t missing) {
  const auto& candidate = all.at(node);
  const auto size = candidate.old_ring.seq == 0 ? 1 : ring_sizes.at(candidate.old_ring);
  return {-missing, candidate.known, size, -static_cast<std::int64_t>(node.value)};
}

/// Drops nodes until all of the rest hear all.
std::set<NodeId> complete_part(const Candidates& all, const std::map<RingId, std::int64_t>& sizes, std::set<NodeId> part) {
  while (true) {
    std::optional<std::pair<Rank, NodeId>> worst;
    for (const auto a : part) {
      std::int64_t missing = 0;
      for (const auto b : part) missing += (a != b && !are_connected(all, a, b)) ? 1 : 0;
      if (missing == 0) continue;
      const std::pair<Rank, NodeId> here{rank(all, sizes, a, missing), a};
      if (!worst || here < *worst) worst = here;
    }
    if (!worst) return part;
    part.erase(worst->second);
  }
}

}  // namespace

std::vector<NodeId> choose_members(NodeId self, const Candidates& candidates) {
  std::map<RingId, std::int64_t> sizes;
  std::set<NodeId> left;
  for (const auto& [node, candidate] : candidates) {
    ++sizes[candidate.old_ring];
    left.insert(node);
  }
  while (true) {
    const auto part = complete_part(candidates, sizes, left);
    if (part.contains(self)) return {part.begin(), part.end()};
    for (const auto node : part) left.erase(node);
    if (!left.contains(self) || part.empty()) return {self};
  }
}

}  // namespace relevo::totem
