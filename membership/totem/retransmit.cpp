// Sending the token again: when, how often, and what tells that it may be lost. The loss of the ring is ring.cpp's matter.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {
constexpr Duration least_patience = 5ms;    // a busy host is not a lost packet
constexpr Duration first_patience = 20ms;   // nothing is known of the network yet
constexpr unsigned most_doublings = 16;
}  // namespace

/// How long the token may take before it is sent again: a few rotations as they were of late.
Duration Ring::Core::patience() const {
  const auto measured = average_rotation == Duration{} ? first_patience : std::max<Duration>(least_patience, 4 * average_rotation);
  return std::min(measured, options.token_retransmit);
}

/// Each repetition doubles the wait. On an idle ring only the representative measures: the others see the token as
/// seldom as it is let go, and hear of a loss by the copy that comes to them.
void Ring::Core::arm_retransmit(unsigned repeats) {
  auto wait = patience();
  for (unsigned i = 0; i < std::min(repeats, most_doublings) && wait < options.token_retransmit; ++i) wait *= 2;
  wait = std::min(wait, options.token_retransmit);
  const auto* operational = std::get_if<Operational>(&state);
  if (operational != nullptr && !operational->circuit.is_representative &&
      operational->circuit.idle_visits >= options.seqno_unchanged)
    wait = std::max(options.token_retransmit, options.hold + patience());
  timers.arm(TimerId::token_retransmit, now + wait);
}

void Ring::Core::on_token_retransmit() {
  if (auto* commit = std::get_if<Commit>(&state)) {
    arm_retransmit(++commit->repeats);
  } else if (auto* ring = circuit()) {
    if (ring->holding) return;
    arm_retransmit(++ring->repeats);
  }
  send_token_again();
}

/// Whatever this node last passed on and has seen no answer to.
void Ring::Core::send_token_again() {
  if (const auto* commit = std::get_if<Commit>(&state)) {
    const auto& members = commit->token.members;
    ++counters.token_retransmits;
    return send_to(members[(commit->position + 1) % members.size()].node, commit->token);
  }
  auto* ring = circuit();
  if (ring == nullptr || ring->holding || ring->members.size() < 2) return;
  if (const auto* recovery = std::get_if<Recovery>(&state); recovery != nullptr && !recovery->token_seen) {
    ++counters.token_retransmits;
    return send_to(ring->next, recovery->commit);
  }
  if (!ring->sent) return;
  ++counters.token_retransmits;
  ring->sent_at = now;
  send_to(ring->next, *ring->sent);
}

/// A token that was seen already: the one before us has waited in vain. It is lost further on, unless ours has only
/// just been sent.
void Ring::Core::on_token_copy(const wire::Token& packet) {
  ++counters.token_duplicates;
  auto& ring = *circuit();
  if (packet.token_seq != ring.received_seq || ring.holding || now - ring.sent_at < patience()) return;
  send_token_again();
}

/// From passing the token on until it is back, when nobody kept it for long.
void Ring::Core::measure_rotation(Circuit& ring) {
  token_at = now;
  if (!ring.passed_at) return;
  rotation = std::min(now - *ring.passed_at, options.token_retransmit);
  average_rotation = average_rotation == Duration{} ? rotation : (7 * average_rotation + rotation) / 8;
  ring.passed_at.reset();
}

}  // namespace relevo::totem
