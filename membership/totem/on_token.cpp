// The token's visit: checks, recovery's share, sending, and passing it on or holding it on an idle ring.
// Source: Totem (Amir et al. 1995), section 4; membership spec 2.5. Flow control itself is in circuit.cpp.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::on_packet(NodeId from, const wire::Token& packet) {
  auto* ring = circuit();
  if (ring == nullptr || packet.ring != ring->ring || from != ring->previous) return drop("token of another ring");
  if (packet.token_seq <= ring->token_seq) return on_token_copy(packet);
  if (packet.seq < ring->last_seq || packet.seq.value - live_log().aru().value > live_log().limit() ||
      packet.aru > packet.seq)
    return drop("token out of range");
  ring->safe = std::max(ring->safe, std::min(ring->sent_aru, packet.aru));
  ring->received_seq = packet.token_seq;
  measure_rotation(*ring);
  if (auto* recovery = std::get_if<Recovery>(&state)) {
    recovery->token_seen = true;
    if (packet.phase == wire::Phase::regular) {
      if (!recovery->complete)
        return enter_gather(GatherReason::recovery_broken, "a ring was installed before its recovery was complete");
      enter_operational();
    }
  } else if (packet.phase != wire::Phase::regular) {
    return drop("recovery token on an installed ring");
  }
  visit(packet);
}

/// This node has the token. Afterwards it has passed it on, or holds it, or gathers.
void Ring::Core::visit(wire::Token token) {
  ++counters.tokens;
  ask_for_missing(*circuit(), live_log(), token);
  if (std::holds_alternative<Recovery>(state)) recovery_visit(token);  // may install the ring
  watch_aru(token);
  if (const auto deaf = deaf_member()) {
    return enter_gather(GatherReason::fail_to_receive, fmt::format("node {} does not receive frames", *deaf));
  }
  if (std::holds_alternative<Operational>(state)) contribute(token);
  update_aru(live_log(), token);
  auto& ring = *circuit();
  const bool is_idle = token.seq == ring.last_seq && token.aru == token.seq && ring.safe >= token.seq && token.backlog == 0;
  ring.idle_visits = is_idle ? std::min(ring.idle_visits + 1, options.seqno_unchanged + 1) : 0;
  ring.last_seq = token.seq;
  pass_on(std::move(token));
  if (std::holds_alternative<Operational>(state)) {
    if (rest.empty()) deliver_ready();
    evaluate_merge();
  }
}

void Ring::Core::pass_on(wire::Token token) {
  auto& ring = *circuit();
  ++token.token_seq;
  ring.token_seq = token.token_seq;
  ring.sent_aru = token.aru;
  timers.arm(TimerId::token_loss, now + options.token);
  timers.stop(TimerId::cancel);
  ring.holding = ring.is_representative && std::holds_alternative<Operational>(state) &&
                 ring.idle_visits > options.seqno_unchanged;
  ring.sent = std::move(token);
  if (!ring.holding) return send_token(ring);
  ++counters.token_holds;
  timers.stop(TimerId::token_retransmit);
  timers.arm(TimerId::hold, now + options.hold);
}

/// On its way. A ring that is idle to the eyes of a member other than the representative may be held up there.
void Ring::Core::send_token(Circuit& ring) {
  timers.stop(TimerId::hold);
  ring.repeats = 0;
  ring.sent_at = now;
  ring.passed_at.reset();
  if (ring.is_representative || ring.idle_visits < options.seqno_unchanged) ring.passed_at = now;
  arm_retransmit(0);
  ++counters.tokens_sent;
  send_to(ring.next, *ring.sent);
}

/// The hold ended: by its timer, by somebody who wants to send, or because this node wants to.
void Ring::Core::release_held() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || !operational->circuit.holding || !operational->circuit.sent) return;
  auto& ring = operational->circuit;
  auto& token = *ring.sent;
  contribute(token);
  update_aru(installed.log, token);
  if (token.seq != ring.last_seq) ring.idle_visits = 0;
  ring.last_seq = token.seq;
  ring.holding = false;
  ring.sent_aru = token.aru;
  timers.arm(TimerId::token_loss, now + options.token);
  send_token(ring);
  if (rest.empty()) deliver_ready();
}

/// Something waits to be sent: on an idle ring the representative is asked to let go of the token, again and again
/// until it comes, because the request may be lost. On a busy ring only when the token does not come by itself.
void Ring::Core::ask_for_token() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || queue.empty()) return;
  auto& ring = operational->circuit;
  if (ring.members.size() == 1) return spin_alone();
  if (ring.is_representative) return release_held();
  if (timers.is_armed(TimerId::cancel)) return;
  timers.arm(TimerId::cancel, now + patience());
  if (ring.idle_visits >= options.seqno_unchanged) send_cancel();
}

/// Its timer ran out, and there is still something to send.
void Ring::Core::on_cancel_timer() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || queue.empty() || operational->circuit.is_representative) return;
  timers.arm(TimerId::cancel, now + std::max(options.join, patience()));
  send_cancel();
}

void Ring::Core::send_cancel() {
  ++counters.hold_cancels_sent;
  send_to(installed.ring.rep, wire::HoldCancel{installed.ring});
}

void Ring::Core::on_packet(NodeId from, const wire::HoldCancel& packet) {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || packet.ring != installed.ring || !has_node(installed.members, from))
    return drop("hold cancel of another ring");
  ++counters.hold_cancels_received;
  operational->circuit.idle_visits = 0;
  release_held();
}

/// The token passes through a member, but the frames do not reach it: then aru stands still in its name.
void Ring::Core::watch_aru(const wire::Token& token) {
  auto& ring = *circuit();
  const bool is_held_back = token.aru < token.seq && token.aru_owner != self && has_node(ring.members, token.aru_owner);
  if (is_held_back && token.aru == ring.stuck_aru && token.aru_owner == ring.stuck_owner) {
    ++ring.stuck_visits;
    return;
  }
  ring.stuck_aru = token.aru;
  ring.stuck_owner = is_held_back ? token.aru_owner : NodeId{};
  ring.stuck_since = now;
  ring.stuck_visits = 0;
}

/// Who has not received frames for too long, by the clock and by visits, so that a ring that stood still accuses nobody.
/// A `parts`-th of the patience is enough for who agrees with an accusation.
std::optional<NodeId> Ring::Core::deaf_member(unsigned parts) const {
  const auto* ring = circuit();
  if (ring == nullptr || ring->stuck_owner.value == 0) return std::nullopt;
  const auto limit = options.fail_to_receive > Duration{} ? options.fail_to_receive : std::max<Duration>(100ms, options.token / 8);
  if (ring->stuck_visits < 12 / parts || now - ring->stuck_since <= limit / parts) return std::nullopt;
  return ring->stuck_owner;
}

}  // namespace relevo::totem
