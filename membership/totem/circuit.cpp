// What a token visit does with the frames: how many may be sent, what is sent again, what is asked for, and the aru.
// Source: Totem (Amir et al. 1995), section 4; membership spec 2.5, steps 8 to 13.
#include <algorithm>
#include <limits>

#include "membership/totem/core.hpp"
#include "membership/wire/codec.hpp"

namespace relevo::totem {
namespace {

constexpr std::uint32_t frames_before_token = 4;
constexpr std::uint32_t smallest_budget = 16U << 10;

std::uint32_t minus(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : 0; }

std::uint32_t plus(std::uint32_t a, std::uint64_t b) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(a + b, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t clipped(std::uint64_t value) { return plus(0, value); }

/// `whole` times `part` of `total`, at least 1.
std::uint32_t portion(std::uint32_t whole, std::uint64_t part, std::uint64_t total) {
  return clipped(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<__uint128_t>(whole) * part / total)));
}

/// The window of a whole rotation. What a person set in frames rules; the store bounds both.
Share whole_window(const Options& options) {
  const auto quarter = clipped(options.store_bytes / 4);
  Share window;
  window.frames = options.window_size > 0 ? options.window_size : clipped(std::max<std::uint64_t>(options.store_frames / 4, 1));
  window.bytes = options.window_size > 0 ? quarter : std::min(options.window_bytes, quarter);
  return window;
}

}  // namespace

/// The window is shared by all members for each rotation, in proportion to what they have waiting. A visit's part of it
/// is halved when frames were lost and grows again slowly: receivers drop what they cannot keep up with.
Share Ring::Core::window_share(Circuit& ring, const wire::Token& token, std::size_t waiting) const {
  auto& budget = ring.visit_budget;
  if (budget == 0) budget = options.visit_bytes;
  budget = token.missing.empty() ? plus(budget, budget / 16) : budget / 2;
  budget = std::clamp(budget, std::min(smallest_budget, options.visit_bytes), options.visit_bytes);

  const auto window = whole_window(options);
  Share share{minus(window.frames, token.fcc), minus(window.bytes, token.fcc_bytes)};
  if (options.max_messages > 0)
    share.frames = std::min(share.frames, options.max_messages);
  else
    share.bytes = std::min(share.bytes, budget);
  const auto total = std::uint64_t{minus(token.backlog, ring.backlog)} + waiting;
  if (waiting == 0 || total == 0) return share;
  share.frames = std::min(share.frames, portion(window.frames, waiting, total));
  share.bytes = std::min(share.bytes, portion(window.bytes, waiting, total));
  return share;
}

/// The guard: nobody sends while somebody may still lack too much, so that every log stays bounded.
bool Ring::Core::is_store_full(const Log& log, const wire::Token& token, const Share& share) const {
  const auto window = whole_window(options);
  const auto kept = token.seq.value - std::min(token.seq, log.released()).value;
  return kept + share.frames + window.frames > options.store_frames || log.bytes() + window.bytes > options.store_bytes;
}

/// Frames that somebody lacks. What was asked for again although this node has just sent it is left to the next member
/// for once: perhaps the way from here to there is the broken one.
Share Ring::Core::resend(const Log& log, wire::Token& token, const Share& at_most) {
  auto& ring = *circuit();
  ring.resent.erase(ring.resent.begin(), ring.resent.upper_bound(log.released()));
  Share sent;
  std::vector<MessageSeq> still;
  for (const auto seq : token.missing) {
    const auto* frame = log.find(seq);
    const bool is_over = sent.frames > 0 && (sent.frames >= at_most.frames || sent.bytes >= at_most.bytes);
    if (frame == nullptr || is_over || (ring.members.size() > 2 && ring.resent.erase(seq) > 0)) {
      still.push_back(seq);
      continue;
    }
    ring.resent.insert(seq);
    ++sent.frames;
    sent.bytes = plus(sent.bytes, frame->pieces.encoded().size());
    send_all(*frame);
  }
  token.missing = std::move(still);
  counters.resent += sent.frames;
  return sent;
}

void Ring::Core::ask_for_missing(Circuit& ring, const Log& log, wire::Token& token) {
  ring.gaps.visit(token.seq, now, options.miss_count, patience());
  ring.gaps.forget(log.aru());
  auto seq = MessageSeq(log.aru().value + 1);
  for (const auto last = std::min(ring.gaps.ripe(), token.seq); seq <= last; ++seq.value) {
    if (token.missing.size() >= wire::max_missing) return;
    if (log.find(seq) != nullptr) continue;
    const auto place = std::ranges::lower_bound(token.missing, seq);
    if ((place != token.missing.end() && *place == seq) || !ring.gaps.ask(seq, now, patience())) continue;
    token.missing.insert(place, seq);
    ++counters.retransmit_requests;
  }
}

/// fcc and backlog count each member once: what it added the last time is taken off.
void Ring::Core::account(Circuit& ring, wire::Token& token, const Share& sent, std::size_t waiting) const {
  token.fcc = plus(minus(token.fcc, ring.sent_frames), sent.frames);
  token.fcc_bytes = plus(minus(token.fcc_bytes, ring.sent_bytes), sent.bytes);
  token.backlog = plus(minus(token.backlog, ring.backlog), waiting);
  ring.sent_frames = sent.frames;
  ring.sent_bytes = sent.bytes;
  ring.backlog = clipped(waiting);
}

/// The token overtakes all but the first frames, so that the next member works while they are still being sent.
/// Source: the accelerated ring (Babay and Amir 2016).
Share Ring::Core::send_new(Circuit& ring, wire::Token& token, const Share& at_most) {
  Share sent;
  while (sent.frames < at_most.frames && sent.bytes < at_most.bytes && !queue.empty()) {
    auto frame = next_frame(ring.ring, MessageSeq(++token.seq.value));
    ++sent.frames;
    sent.bytes = plus(sent.bytes, frame.pieces.encoded().size());
    installed.log.insert(frame);
    if (sent.frames <= frames_before_token)
      send_all(std::move(frame));
    else
      rest.push_back({std::nullopt, std::move(frame)});
  }
  counters.frames_sent += sent.frames;
  return sent;
}

/// The next frame of the queue, encoded once: the log, the network and later retransmissions share its bytes.
wire::Mcast Ring::Core::next_frame(const RingId& ring, MessageSeq seq) {
  auto content = queue.next_frame(frame_size);
  wire::put_fresh_header(*content.image, ring, seq, self, content.safe, content.pieces);
  return {ring, seq, self, content.safe, std::nullopt,
          wire::Pieces(std::move(content.image), wire::fresh_mcast_header, content.pieces)};
}

/// The share of an operational member: what others lack first, then what it has to say.
void Ring::Core::contribute(wire::Token& token) {
  auto& ring = *circuit();
  auto share = window_share(ring, token, queue.to_send());
  const auto again = resend(installed.log, token, share);
  Share sent = again;
  if (!is_store_full(installed.log, token, share)) {
    share.frames = minus(share.frames, again.frames);
    share.bytes = minus(share.bytes, again.bytes);
    const auto fresh = send_new(ring, token, share);
    sent.frames += fresh.frames;
    sent.bytes = plus(sent.bytes, fresh.bytes);
  }
  account(ring, token, sent, queue.to_send());
  average_backlog = (average_backlog * 7 + token.backlog) / 8;
}

void Ring::Core::update_aru(const Log& log, wire::Token& token) const {
  const auto mine = std::min(log.aru(), token.seq);
  const bool is_ours_to_raise = token.aru_owner == self || token.aru_owner.value == 0;
  if (mine >= token.aru && !is_ours_to_raise) return;
  token.aru = mine;
  token.aru_owner = mine == token.seq ? NodeId{} : self;
}

}  // namespace relevo::totem
