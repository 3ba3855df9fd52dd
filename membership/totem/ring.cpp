// The ring's one entry: what is due fires, then the input is taken. What each packet means is in on_*.cpp.
#include "membership/totem/ring.hpp"

#include <algorithm>
#include <iterator>

#include "membership/totem/core.hpp"

namespace relevo::totem {

Ring::Ring(const Options& options) : core_(std::make_unique<Core>(options)) {}
Ring::~Ring() = default;
Ring::Ring(Ring&&) noexcept = default;
Ring& Ring::operator=(Ring&&) noexcept = default;

Output Ring::step(const Input& input, Instant now) { return core_->step(input, now); }
Output Ring::submit(Bytes&& payload, groups::Guarantee guarantee, Instant now) {
  return core_->submit(std::move(payload), guarantee, now);
}
std::optional<Instant> Ring::next_deadline() const { return core_->next_deadline(); }
std::optional<std::string> Ring::broken_invariant() const { return core_->broken_invariant(); }

Options bounded(Options options) {
  for (auto* interval : {&options.token, &options.token_retransmit, &options.hold, &options.join, &options.consensus,
                         &options.merge})
    *interval = std::max<Duration>(*interval, 1ms);
  options.hold = std::min(options.hold, options.token / 2 + 1ns);
  options.window_bytes = std::max<std::uint32_t>(options.window_bytes, 4096);
  options.visit_bytes = std::clamp<std::uint32_t>(options.visit_bytes, 4096, options.window_bytes);
  options.store_frames = std::max<std::uint64_t>({options.store_frames, 2ULL * options.window_size, 16});
  options.store_bytes = std::max(options.store_bytes, 4 * wire::max_frame);
  options.seqno_unchanged = std::max<std::uint32_t>(options.seqno_unchanged, 3);  // safe lines need two rotations
  return options;
}

Ring::Core::Core(const Options& given)
    : options(bounded(given)), queue(given.queue_bytes, given.queue_messages) {
  installed.log = empty_log();
}

/// Four times what the guard allows: others may be configured more generously, and tell of it only by their frames.
Log Ring::Core::empty_log() const { return Log(4 * options.store_frames, 4 * options.store_bytes); }

/// A new step: what the last one left to be sent goes first, then what is due fires, then the input is looked at.
void Ring::Core::begin(Instant at, bool is_submit) {
  out = {};
  const auto due = timers.next();
  const bool is_due = due && *due <= std::max(now, at);
  if (due && at - *due > options.token && at > now)
    say(Level::warning, "not scheduled for {} ms: the others may have given this node up", to_ms(at - *due));
  now = std::max(now, at);
  // Submissions come in the same breath as the token's visit, before the shell had a chance to let the token go.
  if (!rest.empty() && (!is_submit || is_due)) send_rest();
  if (is_due) fire_timers();
}

void Ring::Core::send_rest() {
  std::ranges::move(rest, std::back_inserter(out.sends));
  rest.clear();
  deliver_ready();
}

std::optional<Instant> Ring::Core::next_deadline() const { return rest.empty() ? timers.next() : now; }

Output Ring::Core::step(const Input& input, Instant at) {
  begin(at);
  std::visit([this](const auto& alternative) { on(alternative); }, input);
  check_cheap();
  return std::move(out);
}

Output Ring::Core::submit(Bytes&& payload, groups::Guarantee guarantee, Instant at) {
  begin(at, true);
  take(std::move(payload), guarantee);
  check_cheap();
  return std::move(out);
}

void Ring::Core::on(const Start& input) {
  if (!std::holds_alternative<Stopped>(state) || input.self.value == 0) return drop("start");
  // A smaller number than the stored one could be that of a ring which has been: then rather none.
  if (input.stored_ring_seq >= last_ring_seq) {
    out.refused = Error{fmt::format("the stored ring number {:x} is at the end of all ring numbers, {:x}: it was damaged, or "
                                    "came from a node where it was",
                                    input.stored_ring_seq, wire::max_ring_seq),
                        ErrorKind::invalid};
    return;
  }
  self = input.self;
  known_ring_seq = input.stored_ring_seq == 0 ? std::min(input.floor, wire::max_ring_seq / 2) : input.stored_ring_seq + 1;
  enter_gather(GatherReason::start, "start");
}

void Ring::Core::on(const Receive& input) {
  if (std::holds_alternative<Stopped>(state) || input.from == self || input.from.value == 0) return drop("not for us");
  hear(input.from);
  std::visit([&](const auto& packet) { on_packet(input.from, packet); }, input.packet);
}

void Ring::Core::on(const PeerUp& input) {
  if (input.node == self || input.node.value == 0) return;
  if (!up.contains(input.node) && up.size() + 1 >= wire::max_nodes) return drop("more peers than a ring can have");
  const bool is_news = up.insert(input.node).second;
  if (!is_news) return;
  left.erase(input.node);
  mute.erase(input.node);
  if (auto* gather = std::get_if<Gather>(&state)) {
    on_new_facts(*gather, true);
  } else if (std::holds_alternative<Operational>(state)) {
    announce();
    evaluate_merge();
  }
}

void Ring::Core::on(const PeerDown& input) {
  up.erase(input.node);
  heard.erase(input.node);
  mute.erase(input.node);
  if (const auto known = backoff.find(input.node); known != backoff.end()) known->second.quarantined_until = {};
  if (auto* gather = std::get_if<Gather>(&state)) {
    gather->joins.erase(input.node);
    gather->refused.erase(input.node);
    return on_new_facts(*gather);
  }
  if (const auto* commit = std::get_if<Commit>(&state)) {
    const auto is_it = [&](const wire::CommitEntry& entry) { return entry.node == input.node; };
    if (std::ranges::any_of(commit->token.members, is_it))
      enter_gather(GatherReason::peer_down, fmt::format("node {} is unreachable", input.node));
    return;
  }
  const auto* ring = circuit();
  if (ring == nullptr) return;
  if (has_node(ring->members, input.node)) return enter_gather(GatherReason::peer_down, fmt::format("node {} is unreachable", input.node));
  if (std::holds_alternative<Operational>(state)) announce();
}

void Ring::Core::on(const Submit& input) { take(Bytes(input.payload), input.guarantee); }

void Ring::Core::take(Bytes&& payload, groups::Guarantee guarantee) {
  if (std::holds_alternative<Stopped>(state)) {
    out.refused = Error{"the ring is not running: nothing was sent", ErrorKind::not_connected};
    return;
  }
  if (payload.size() > max_message) {
    out.refused = Error{fmt::format("message of {} bytes: at most {} are allowed", payload.size(), max_message),
                        ErrorKind::invalid};
    return;
  }
  if (!queue.push(std::move(payload), guarantee)) {
    out.refused = Error{"the send queue is full: nothing was sent", ErrorKind::try_again};
    return;
  }
  if (std::holds_alternative<Operational>(state)) ask_for_token();
}

void Ring::Core::on(const Leave&) {
  if (std::holds_alternative<Stopped>(state)) return;
  wire::Join join;
  join.ring_seq = known_ring_seq;
  join.old_ring = installed.ring;
  join.leave = true;
  send_all(join);
  timers.stop_all();
  state = Stopped{};
  say(Level::notice, "left ring {}", installed.ring);
}

void Ring::Core::on(const Beat&) {
  if (timers.take_due(TimerId::hold, now + options.hold / 8)) release_held();
}

void Ring::Core::fire_timers() {
  if (std::holds_alternative<Stopped>(state)) return;
  for (std::size_t i = 0; i < timer_count; ++i) {
    const auto id = static_cast<TimerId>(i);
    if (timers.take_due(id, now)) on_timer(id);
  }
}

void Ring::Core::on_timer(TimerId id) {
  switch (id) {
    case TimerId::token_loss: return on_token_loss();
    case TimerId::token_retransmit: return on_token_retransmit();
    case TimerId::hold: return release_held();
    case TimerId::cancel: return on_cancel_timer();
    case TimerId::join: return on_join_timer();
    case TimerId::consensus: return on_consensus_timeout();
    case TimerId::merge: return on_merge_timer();
    case TimerId::settle: return on_settle_timer();
  }
}

void Ring::Core::on_token_loss() {
  ++counters.token_losses;
  if (std::holds_alternative<Operational>(state)) ++counters.operational_token_losses;
  if (std::holds_alternative<Gather>(state)) ++counters.gather_token_losses;
  if (std::holds_alternative<Commit>(state)) ++counters.commit_token_losses;
  if (std::holds_alternative<Recovery>(state)) ++counters.recovery_token_losses;
  enter_gather(GatherReason::token_lost,
               fmt::format("the token was lost in {} ({} ms)", state_name(state), to_ms(options.token)));
}

Circuit* Ring::Core::circuit() {
  if (auto* recovery = std::get_if<Recovery>(&state)) return &recovery->circuit;
  if (auto* operational = std::get_if<Operational>(&state)) return &operational->circuit;
  return nullptr;
}

const Circuit* Ring::Core::circuit() const { return const_cast<Core*>(this)->circuit(); }

Log& Ring::Core::live_log() {
  auto* recovery = std::get_if<Recovery>(&state);
  return recovery != nullptr ? recovery->log : installed.log;
}

void Ring::Core::drop(const char* why) {
  ++counters.dropped;
  say(Level::trace, "dropped: {}", why);
}

}  // namespace relevo::totem
