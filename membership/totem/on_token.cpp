// The token's visit: checks, recovery's share, sending, and passing it on or holding it on an idle ring.
// Source: Totem (Amir et al. 1995), section 4; membership spec 2.5. Flow control itself is in circuit.cpp.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::on_packet(NodeId from, const wire::Token& packet) {
  auto* ring = circuit();
  if (ring == nullptr || packet.ring != ring->ring || from != ring->previous) return drop("token of another ring");
  if (packet.token_seq <= ring->token_seq) return drop("token seen already");
  if (packet.seq < ring->last_seq || packet.seq.value - live_log().aru().value > live_log().limit() ||
      packet.aru > packet.seq)
    return drop("token out of range");
  ring->safe = std::max(ring->safe, std::min(ring->sent_aru, packet.aru));
  if (auto* recovery = std::get_if<Recovery>(&state)) {
    recovery->token_seen = true;
    if (packet.phase == wire::Phase::regular) {
      if (!recovery->complete) return enter_gather("a ring was installed before its recovery was complete");
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
  if (is_stuck(token)) {
    Gather without;
    without.suspects.insert(token.aru_owner);
    return enter_gather(fmt::format("node {} does not receive frames", token.aru_owner), std::move(without));
  }
  if (std::holds_alternative<Operational>(state)) contribute(token);
  update_aru(live_log(), token);
  auto& ring = *circuit();
  const bool is_idle = token.seq == ring.last_seq && token.aru == token.seq && ring.safe >= token.seq;
  ring.idle_visits = is_idle ? std::min(ring.idle_visits + 1, options.seqno_unchanged + 1) : 0;
  ring.last_seq = token.seq;
  pass_on(std::move(token));
  if (std::holds_alternative<Operational>(state)) {
    deliver_ready();
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
  if (ring.holding) {
    timers.stop(TimerId::token_retransmit);
    timers.arm(TimerId::hold, now + options.hold);
  } else {
    timers.stop(TimerId::hold);
    timers.arm(TimerId::token_retransmit, now + options.token_retransmit);
    send_to(ring.next, token);
  }
  ring.sent = std::move(token);
}

/// The hold ended: by its timer, by somebody who wants to send, or because this node wants to.
void Ring::Core::release_held() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || !operational->circuit.holding || !operational->circuit.sent) return;
  auto& ring = operational->circuit;
  wire::Token token = std::move(*ring.sent);
  contribute(token);
  update_aru(installed.log, token);
  if (token.seq != ring.last_seq) ring.idle_visits = 0;
  ring.last_seq = token.seq;
  ring.holding = false;
  ring.sent_aru = token.aru;
  timers.stop(TimerId::hold);
  timers.arm(TimerId::token_loss, now + options.token);
  timers.arm(TimerId::token_retransmit, now + options.token_retransmit);
  send_to(ring.next, token);
  ring.sent = std::move(token);
  deliver_ready();
}

/// Something waits to be sent: on an idle ring the representative is asked to let go of the token, again and again
/// until it comes, because the request may be lost.
void Ring::Core::ask_for_token() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || queue.empty()) return;
  auto& ring = operational->circuit;
  if (ring.members.size() == 1) return spin_alone();
  if (ring.is_representative) return release_held();
  if (ring.idle_visits < options.seqno_unchanged || timers.is_armed(TimerId::cancel)) return;
  send_to(ring.ring.rep, wire::HoldCancel{ring.ring});
  timers.arm(TimerId::cancel, now + options.join);
}

void Ring::Core::on_packet(NodeId from, const wire::HoldCancel& packet) {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr || packet.ring != installed.ring || !has_node(installed.members, from))
    return drop("hold cancel of another ring");
  operational->circuit.idle_visits = 0;
  release_held();
}

/// The token passes through a member, but the frames do not reach it: aru has stood still for a whole token timeout.
bool Ring::Core::is_stuck(const wire::Token& token) {
  auto& ring = *circuit();
  const bool is_held_back = token.aru < token.seq && token.aru_owner.value != 0 && token.aru_owner != self;
  if (!is_held_back || token.aru != ring.stuck_aru || token.aru_owner != ring.stuck_owner) {
    ring.stuck_aru = token.aru;
    ring.stuck_owner = token.aru_owner;
    ring.stuck_since = now;
    return false;
  }
  return has_node(ring.members, token.aru_owner) && now - ring.stuck_since > options.token;
}

}  // namespace relevo::totem
