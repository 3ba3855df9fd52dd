// The counters of ring and groups (those of the links: links.cpp) under the names by which reports show them. Names are part of the interface: add, never
// rename. What is a state and not a count stands here, too; durations say their unit.
#include <algorithm>
#include <chrono>

#include "membership/stack/impl.hpp"

namespace relevo::stack {
namespace {

using Counters = std::map<std::string, std::uint64_t>;

std::uint64_t us(Duration d) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(d).count()));
}

void put_ring_frames(Counters& c, const totem::Counters& r) {
  c["ring.tokens"] = r.tokens;
  c["ring.tokens_sent"] = r.tokens_sent;
  c["ring.token_duplicates"] = r.token_duplicates;
  c["ring.token_retransmits"] = r.token_retransmits;
  c["ring.token_holds"] = r.token_holds;
  c["ring.hold_cancels_sent"] = r.hold_cancels_sent;
  c["ring.hold_cancels_received"] = r.hold_cancels_received;
  c["ring.frames_sent"] = r.frames_sent;
  c["ring.frames_received"] = r.frames_received;
  c["ring.frame_duplicates"] = r.frame_duplicates;
  c["ring.resent"] = r.resent;
  c["ring.retransmit_requests"] = r.retransmit_requests;
  c["ring.recovered"] = r.recovered;
  c["ring.delivered"] = r.delivered;
}

void put_ring_forming(Counters& c, const totem::Counters& r) {
  c["ring.gathers"] = r.gathers;
  c["ring.installs"] = r.installs;
  c["ring.token_losses"] = r.token_losses;
  c["ring.consensus_timeouts"] = r.consensus_timeouts;
  c["ring.joins_sent"] = r.joins_sent;
  c["ring.joins_received"] = r.joins_received;
  c["ring.merge_detects_sent"] = r.merge_detects_sent;
  c["ring.merge_detects_received"] = r.merge_detects_received;
  c["ring.commit_tokens_sent"] = r.commit_tokens_sent;
  c["ring.commit_tokens_received"] = r.commit_tokens_received;
  c["ring.commit_entered"] = r.commit_entered;
  c["ring.recovery_entered"] = r.recovery_entered;
  c["ring.operational_token_losses"] = r.operational_token_losses;
  c["ring.gather_token_losses"] = r.gather_token_losses;
  c["ring.commit_token_losses"] = r.commit_token_losses;
  c["ring.recovery_token_losses"] = r.recovery_token_losses;
  c["ring.continuous_gathers"] = r.continuous_gathers;
  c["ring.quarantines"] = r.quarantines;
  for (std::size_t i = 0; i < totem::gather_reasons; ++i)
    c["ring.gathers_by." + std::string(totem::name(static_cast<totem::GatherReason>(i)))] = r.gathers_by[i];
}

void put_ring_now(Counters& c, const totem::View& view) {
  c["ring.queued_messages"] = view.queued_messages;
  c["ring.queued_bytes"] = view.queued_bytes;
  c["ring.stored_frames"] = view.stored_frames;
  c["ring.stored_bytes"] = view.stored_bytes;
  c["ring.rotation_us"] = us(view.rotation);
  c["ring.average_rotation_us"] = us(view.average_rotation);
  c["ring.average_rotation_ms"] = us(view.average_rotation) / 1000;
  c["ring.since_token_ms"] = us(view.since_token) / 1000;
  c["ring.average_backlog"] = view.average_backlog;
  c["ring.quarantined"] = view.quarantined.size();
}

}  // namespace

void Stack::Impl::count_ring(Counters& c, const totem::View& view) const {
  put_ring_frames(c, view.counters);
  put_ring_forming(c, view.counters);
  put_ring_now(c, view);
  c["ring.dropped"] = view.counters.dropped + undecodable;
}

void Stack::Impl::count_groups(Counters& c) const {
  const auto& g = groups.counters();
  c["groups.views"] = g.views;
  c["groups.messages"] = g.messages;
  c["groups.syncs"] = g.syncs;
  c["groups.unknown_sender"] = g.unknown_sender;
  c["groups.unreadable"] = g.unreadable;
}

}  // namespace relevo::stack
