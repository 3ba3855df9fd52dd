// OPERATIONAL: installing a ring, and delivering on it. The order of the events here is the order of the paper.
// Source: Totem (Amir et al. 1995), sections 4 and 6; Moser et al. 1994 (extended virtual synchrony).
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {

void Ring::Core::enter_operational() {
  Recovery recovery = std::move(std::get<Recovery>(state));
  deliver_old_ring(recovery);
  const auto before = installed.members;
  Installed next;
  next.ring = recovery.circuit.ring;
  next.members = recovery.circuit.members;
  next.log = std::move(recovery.log);
  next.delivered = next.log.released();
  installed = std::move(next);
  queue.rewind();
  state = Operational{std::move(recovery.circuit), {}, {}};
  ++counters.installs;
  counters.continuous_gathers = 0;
  out.events.emplace_back(Configuration{Configuration::Kind::regular, installed.ring, installed.members});
  say(Level::notice, "ring {} installed: members {}", installed.ring, node_list(installed.members));
  settle_backoff(before, installed.members);
  timers.stop_all();
  if (installed.members.size() > 1) timers.arm(TimerId::token_loss, now + options.token);
  if (has_strangers()) announce();
  if (installed.members.size() == 1) spin_alone();
  deliver_ready();
}

/// What is left of the old ring: in its regular configuration up to the first gap or the first safe message that is
/// not known to be safe, the rest in the transitional one, after a gap only from those whose past is all here.
void Ring::Core::deliver_old_ring(const Recovery& recovery) {
  if (installed.members.empty()) return;
  auto seq = MessageSeq(installed.delivered.value + 1);
  for (; seq <= recovery.high; ++seq.value) {
    const auto* frame = installed.log.find(seq);
    if (frame == nullptr || (frame->safe && !frame->origin && seq > recovery.safe)) break;
    hand_out(*frame, installed.ring);
  }
  out.events.emplace_back(Configuration{Configuration::Kind::transitional, installed.ring, recovery.together});
  bool has_gap = false;
  for (; seq <= recovery.high; ++seq.value) {
    const auto* frame = installed.log.find(seq);
    if (frame == nullptr) {
      has_gap = true;
      continue;
    }
    const auto place = std::ranges::lower_bound(installed.members, frame->sender) - installed.members.begin();
    const bool is_owed = has_node(installed.members, frame->sender) && (recovery.duties >> place & 1U) != 0;
    if (!has_gap || is_owed) hand_out(*frame, installed.ring);
  }
}

/// Delivers on the live ring: in order, safe messages only once all members hold them.
void Ring::Core::deliver_ready() {
  auto* operational = std::get_if<Operational>(&state);
  if (operational == nullptr) return;
  installed.safe = operational->circuit.safe;
  while (true) {
    const MessageSeq seq(installed.delivered.value + 1);
    const auto* frame = installed.log.find(seq);
    if (frame == nullptr || (frame->safe && !frame->origin && seq > installed.safe)) break;
    hand_out(*frame, installed.ring);
    installed.delivered = seq;
  }
  installed.log.release(std::min(installed.safe, installed.delivered));
}

/// Frames that were sent again in recovery were delivered with the old ring.
void Ring::Core::hand_out(const wire::Mcast& frame, const RingId& ring) {
  if (frame.origin) return;
  const auto guarantee = frame.safe ? groups::Guarantee::safe : groups::Guarantee::agreed;
  for (const auto& piece : frame.pieces) {
    auto whole = installed.assembler.add(frame.sender, piece);
    if (!whole) continue;
    ++counters.delivered;
    out.events.emplace_back(Delivery{frame.sender, ring, frame.seq, guarantee, std::move(*whole)});
  }
}

/// A ring of one needs no token: what is submitted is sent, safe and delivered at once.
void Ring::Core::spin_alone() {
  auto& circuit = std::get<Operational>(state).circuit;
  while (!queue.empty()) {
    const MessageSeq seq(installed.log.high().value + 1);
    installed.log.insert(next_frame(installed.ring, seq));
    circuit.safe = seq;
    deliver_ready();
  }
}

}  // namespace relevo::totem
