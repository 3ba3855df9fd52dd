// A ring without quorum looks whether other nodes would make a better one than whole rings that merge ever could:
// 1 2 and 3 4, where 2 hears neither 3 nor 4, become 1 3 4. A quorate ring stays as it is, or is joined as a whole.
#include <algorithm>

#include "membership/totem/choose.hpp"
#include "membership/totem/core.hpp"

namespace relevo::totem {

/// What would be chosen by the facts in sight, when it has more votes than every ring that it would break; else empty.
/// Rings of which not every member is heard are left alone: their worth is not known here.
std::vector<NodeId> Ring::Core::better_ring() const {
  if (standing.quorate) return {};
  std::map<NodeId, Candidate> candidates;
  std::vector<NodeId> quorate;  // of another ring: it decides for itself, so it must come whole
  candidates[self] = {true, installed.ring, workable(), standing.votes, standing.quorate};
  for (const auto& [peer, said] : heard) {
    if (!is_fresh(said)) continue;
    if (said.standing.quorate && !has_node(installed.members, peer)) {
      if (said.members.empty()) return {};  // it gathers
      quorate.insert(quorate.end(), said.members.begin(), said.members.end());
    }
    if (!is_waiting(peer) && !is_quarantined(peer))
      candidates[peer] = {true, said.ring, said.hears, said.standing.votes, said.standing.quorate};
  }
  const auto votes_of = [&](const std::vector<NodeId>& nodes) -> std::optional<std::uint64_t> {
    std::uint64_t votes = 0;
    for (const auto node : nodes) {
      const auto known = candidates.find(node);
      if (known == candidates.end()) return std::nullopt;
      votes += known->second.votes;
    }
    return votes;
  };
  auto chosen = choose_members(self, candidates);
  if (!std::ranges::all_of(quorate, [&](NodeId node) { return has_node(chosen, node); })) return {};
  const auto there = votes_of(chosen);
  for (const auto node : chosen) {
    if (node != self && heard.at(node).members.empty()) continue;  // it gathers: there is no ring to break
    const auto here = votes_of(node == self ? installed.members : heard.at(node).members);
    if (!here || *here >= there) return {};
  }
  return chosen;
}

/// Only when it lasts: facts of several nodes never change at the same moment.
void Ring::Core::evaluate_better_ring() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr) return;
  const auto better = better_ring();
  if (better.empty()) return operational->better_since.reset();
  if (!operational->better_since) operational->better_since = now;
  if (now - *operational->better_since < 3 * options.merge) return;
  enter_gather(GatherReason::stranger, fmt::format("nodes {} would make a better ring", node_list(better)));
}

}  // namespace relevo::totem
