// What a token visit does with the frames: how many may be sent, what is sent again, what is asked for, and the aru.
// Source: Totem (Amir et al. 1995), section 4; membership spec 2.5, steps 8 to 13.
#include <algorithm>

#include "membership/totem/core.hpp"

namespace relevo::totem {
namespace {
std::uint32_t minus(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : 0; }
}  // namespace

/// The window is shared by all members for each rotation, in proportion to what they have waiting.
std::uint32_t Ring::Core::allowance(const Circuit& ring, const Log& log, const wire::Token& token,
                                    std::uint32_t waiting) const {
  auto at_most = std::min(options.max_messages, minus(options.window_size, token.fcc));
  const auto total = std::uint64_t{minus(token.backlog, ring.backlog)} + waiting;
  const auto share = total == 0 ? 0 : std::uint64_t{options.window_size} * waiting / total;
  if (share > 0) at_most = static_cast<std::uint32_t>(std::min<std::uint64_t>(at_most, share));
  // The guard: nobody sends while somebody may still lack too much, so that every log stays bounded.
  const auto kept = token.seq.value - std::min(token.seq, log.released()).value;
  if (kept + at_most + options.window_size > options.store_frames) return 0;
  return at_most;
}

std::uint32_t Ring::Core::resend(const Log& log, wire::Token& token, std::uint32_t at_most) {
  std::uint32_t sent = 0;
  std::vector<MessageSeq> still;
  for (const auto seq : token.missing) {
    const auto* frame = log.find(seq);
    if (frame == nullptr || sent >= at_most) {
      still.push_back(seq);
      continue;
    }
    send_all(*frame);
    ++sent;
  }
  token.missing = std::move(still);
  counters.resent += sent;
  return sent;
}

/// A gap is asked for only after it was seen at several visits: a unicast token easily overtakes frames.
void Ring::Core::ask_for_missing(Circuit& ring, const Log& log, wire::Token& token) const {
  ring.misses.erase(ring.misses.begin(), ring.misses.upper_bound(log.aru()));
  for (auto seq = MessageSeq(log.aru().value + 1); seq <= token.seq; ++seq.value) {
    if (log.find(seq) != nullptr) {
      ring.misses.erase(seq);
      continue;
    }
    auto& visits = ring.misses[seq];
    if (++visits < options.miss_count || token.missing.size() >= wire::max_missing) continue;
    const auto place = std::lower_bound(token.missing.begin(), token.missing.end(), seq);
    if (place == token.missing.end() || *place != seq) token.missing.insert(place, seq);
  }
}

/// fcc and backlog count each member once: what it added the last time is taken off.
void Ring::Core::account(Circuit& ring, wire::Token& token, std::uint32_t sent, std::uint32_t waiting) const {
  token.fcc = minus(token.fcc, ring.sent_frames) + sent;
  token.backlog = minus(token.backlog, ring.backlog) + waiting;
  ring.sent_frames = sent;
  ring.backlog = waiting;
}

std::uint32_t Ring::Core::send_new(Circuit& ring, wire::Token& token, std::uint32_t at_most) {
  std::uint32_t sent = 0;
  while (sent < at_most && !queue.empty()) {
    auto content = queue.next_frame();
    ++token.seq.value;
    wire::Mcast frame{ring.ring, token.seq, self, content.safe, std::nullopt, std::move(content.pieces)};
    installed.log.insert(frame);
    send_all(std::move(frame));
    ++sent;
  }
  counters.frames_sent += sent;
  return sent;
}

/// The share of an operational member: what others lack first, then what it has to say.
void Ring::Core::contribute(wire::Token& token) {
  auto& ring = *circuit();
  const auto at_most = allowance(ring, installed.log, token, queue.frames());
  const auto again = resend(installed.log, token, std::max<std::uint32_t>(at_most, 1));
  const auto fresh = send_new(ring, token, minus(at_most, again));
  account(ring, token, again + fresh, queue.frames());
}

void Ring::Core::update_aru(const Log& log, wire::Token& token) const {
  const auto mine = std::min(log.aru(), token.seq);
  const bool is_ours_to_raise = token.aru_owner == self || token.aru_owner.value == 0;
  if (mine >= token.aru && !is_ours_to_raise) return;
  token.aru = mine;
  token.aru_owner = mine == token.seq ? NodeId{} : self;
}

}  // namespace relevo::totem
