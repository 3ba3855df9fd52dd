// What must always hold inside a ring. The cheap half runs after every step, the rest in tests and simulation.
#include <algorithm>

#include "common/base/assert.hpp"
#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::check_cheap() const {
  RELEVO_ASSERT(installed.delivered <= installed.log.aru(), "delivered={} aru={}", installed.delivered, installed.log.aru());
  RELEVO_ASSERT(installed.log.aru() <= installed.log.high(), "aru={} high={}", installed.log.aru(), installed.log.high());
  RELEVO_ASSERT(committed_ring_seq <= known_ring_seq, "committed={} known={}", committed_ring_seq, known_ring_seq);
}

std::optional<std::string> Ring::Core::broken_invariant() const {
  if (!std::ranges::is_sorted(installed.members)) return "members are not sorted";
  if (!installed.members.empty() && !has_node(installed.members, self)) return "installed a ring without this node";
  if (installed.log.released() > installed.safe) return "released frames that are not safe";
  if (installed.log.size() > installed.log.limit() / 2) return "keeps more frames than the guard allows";
  if (const auto* operational = std::get_if<Operational>(&state)) {
    if (operational->circuit.ring != installed.ring) return "operational on a ring that is not installed";
    if (operational->circuit.safe > installed.log.aru()) return "calls frames safe that it does not hold";
    if (installed.members.size() > 1 && !timers.is_armed(TimerId::token_loss)) return "operational without a token timer";
  }
  if (const auto* gather = std::get_if<Gather>(&state)) {
    if (!has_node(gather->proposal, self)) return "proposes a ring without itself";
    if (!gather->agreed && !timers.is_armed(TimerId::consensus)) return "gathers without a consensus timer";
    if (gather->agreed && !timers.is_armed(TimerId::token_loss)) return "agreed, and waits without a timer";
  }
  const bool in_transit = std::holds_alternative<Commit>(state) || std::holds_alternative<Recovery>(state);
  if (in_transit && !timers.is_armed(TimerId::token_loss)) return "forms a ring without a token timer";
  if (queue.empty() != (queue.messages() == 0) || (queue.empty() && queue.bytes() != 0)) return "the queue miscounts";
  return std::nullopt;
}

}  // namespace relevo::totem
