// RECOVERY: whoever holds old-ring frames that others of the same old ring lack sends them again on the new ring.
// Source: Totem (Amir et al. 1995), section 6; what differs: docs/internals/totem.md, "Recovery".
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {

/// Nobody lacks anything of any old ring: then nothing has to be exchanged or confirmed.
bool is_trivial(const wire::CommitToken& token) {
  struct Range {
    MessageSeq low, high;
    std::size_t members = 0;
  };
  std::map<RingId, Range> rings;
  for (const auto& entry : token.members) {
    if (entry.old_ring.seq == 0) continue;
    auto& range = rings[entry.old_ring];
    range.low = range.members == 0 ? entry.aru : std::min(range.low, entry.aru);
    range.high = std::max(range.high, entry.high);
    ++range.members;
  }
  return std::ranges::all_of(rings, [](const auto& item) {
    return item.second.members == 1 || item.second.low == item.second.high;
  });
}

std::uint64_t mask_of(const std::vector<NodeId>& all, const std::vector<NodeId>& some) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < all.size() && i < 64; ++i)
    if (has_node(some, all[i])) mask |= std::uint64_t{1} << i;
  return mask;
}

}  // namespace

void Ring::Core::enter_recovery(const wire::CommitToken& token, std::size_t position) {
  Recovery recovery;
  const auto size = token.members.size();
  for (const auto& entry : token.members) recovery.circuit.members.push_back(entry.node);
  recovery.circuit.ring = token.ring;
  recovery.circuit.next = recovery.circuit.members[(position + 1) % size];
  recovery.circuit.previous = recovery.circuit.members[(position + size - 1) % size];
  recovery.circuit.is_representative = position == 0;
  recovery.log = empty_log();
  recovery.commit = token;
  recovery.commit.hop = static_cast<std::uint16_t>(size + position + 1);
  recovery.position = position;
  plan_recovery(recovery);
  state = std::move(recovery);
  auto& here = std::get<Recovery>(state);
  if (here.low == here.high || here.together.size() < 2) set_complete();
  timers.arm(TimerId::token_loss, now + options.token);
  ++counters.recovery_entered;
  if (size == 1) return enter_operational();
  arm_retransmit(0);
  ++counters.commit_tokens_sent;
  send_to(here.circuit.next, here.commit);
}

void Ring::Core::plan_recovery(Recovery& recovery) const {
  for (const auto& entry : recovery.commit.members) {
    if (entry.old_ring.seq == 0 || entry.old_ring != installed.ring) continue;
    const bool is_first = recovery.together.empty();
    recovery.together.push_back(entry.node);
    recovery.low = is_first ? entry.aru : std::min(recovery.low, entry.aru);
    recovery.high = std::max(recovery.high, entry.high);
    recovery.safe = std::max(recovery.safe, entry.safe);
    recovery.duties |= entry.obligations;
  }
  recovery.duties |= mask_of(installed.members, recovery.together);
  if (recovery.together.size() < 2) return;
  for (auto seq = installed.log.high(); seq > recovery.low; --seq.value)
    if (installed.log.find(seq) != nullptr) recovery.pending.push_back(seq);
}

/// The representative saw the commit token for the third time: everybody is in recovery.
void Ring::Core::send_first_token() {
  auto& recovery = std::get<Recovery>(state);
  recovery.token_seen = true;
  wire::Token token;
  token.ring = recovery.circuit.ring;
  token.token_seq = 1;
  token.phase = wire::Phase::exchange;
  if (is_trivial(recovery.commit)) {
    token.phase = wire::Phase::regular;
    enter_operational();
  } else {
    token.more = true;  // the first rotation has yet to show who has something to send
  }
  visit(std::move(token));
}

/// A frame of the old ring came again under a number of the new one.
void Ring::Core::absorb(const wire::Mcast& frame) {
  auto& recovery = std::get<Recovery>(state);
  if (!frame.origin || frame.origin->ring != installed.ring || frame.origin->seq > recovery.high) return;
  recovery.seen.insert(frame.origin->seq);
  wire::Mcast old{frame.origin->ring, frame.origin->seq, frame.origin->sender, frame.safe, std::nullopt, frame.pieces};
  installed.log.insert(std::move(old));
}

void Ring::Core::recovery_visit(wire::Token& token) {
  auto& recovery = std::get<Recovery>(state);
  if (token.phase == wire::Phase::confirm && recovery.log.aru() >= token.seq) set_complete();
  recovery.log.release(recovery.circuit.safe);  // absorbed by all; without this the guard would stop a long recovery
  send_recovered(token);
  if (recovery.circuit.is_representative) return lead_recovery(token);
  if (token.phase == wire::Phase::exchange && !recovery.pending.empty()) token.more = true;
}

/// Only the representative moves the phase on. `more` false after a whole rotation: nobody has anything left, so
/// token.seq is final. All confirmed it once it is safe: then whoever sees the regular phase may install.
void Ring::Core::lead_recovery(wire::Token& token) {
  auto& recovery = std::get<Recovery>(state);
  if (token.phase == wire::Phase::exchange) {
    const bool others_have_more = token.more;
    token.more = !recovery.pending.empty();
    if (!others_have_more && !token.more) token.phase = wire::Phase::confirm;
  } else if (token.phase == wire::Phase::confirm && recovery.complete && recovery.circuit.safe >= token.seq) {
    token.phase = wire::Phase::regular;
    enter_operational();
  }
}

/// Frames of the new ring that somebody asks for, then old ones. One designated sender for each old frame: the
/// first holder that gets the token; the others have seen it by then.
void Ring::Core::send_recovered(wire::Token& token) {
  auto& recovery = std::get<Recovery>(state);
  auto& ring = recovery.circuit;
  const auto waiting = [&] { return recovery.pending.size() * frame_size; };
  const auto share = window_share(ring, token, waiting());
  auto sent = resend(recovery.log, token, share);
  const bool is_full = is_store_full(recovery.log, token, share);
  while (!recovery.pending.empty() && !is_full && sent.frames < share.frames && sent.bytes < share.bytes) {
    const auto seq = recovery.pending.back();
    recovery.pending.pop_back();
    const auto* old = installed.log.find(seq);
    if (old == nullptr || recovery.seen.contains(seq)) continue;
    ++token.seq.value;
    wire::Mcast frame{token.ring, token.seq, self, old->safe, wire::Origin{old->ring, old->seq, old->sender}, old->pieces};
    recovery.log.insert(frame);
    ++sent.frames;
    sent.bytes += static_cast<std::uint32_t>(frame.pieces.encoded().size());
    send_all(std::move(frame));
    ++counters.recovered;
  }
  account(ring, token, sent, waiting());
}

/// From now on somebody may install the ring and deliver, relying on this node to deliver the same, whatever
/// becomes of this attempt. Source: the obligation set of extended virtual synchrony (Moser et al. 1994).
void Ring::Core::set_complete() {
  auto& recovery = std::get<Recovery>(state);
  recovery.complete = true;
  installed.obligations |= recovery.duties;
}

}  // namespace relevo::totem
