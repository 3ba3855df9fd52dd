// The order of a move: losses are told and acknowledged, the new owner is made durable, then it is told.
#include "membership/arbiter/court.hpp"

#include <algorithm>

namespace relevo::arbiter {

Court::Court(Duration lease, std::optional<Record> record, bool readable, Instant now)
    : lease_(lease), record_(record.value_or(Record{})), readable_(readable) {
  const auto longest = std::max(lease, record_.lease);
  quarantine_ends_ = now + longest + margin_of(longest);
  stored_ = record_.number;
  record_.lease = lease;
}

CourtOutput Court::on_connected(NodeId node, Instant now) {
  // The old connection of a node that comes anew may have died unnoticed. It holds what it held until it says where
  // it is; its pings count from now.
  seats_.erase(node);
  told_.erase(node);
  pinged_[node] = now;
  if (const auto hold = holds_.find(node); hold != holds_.end()) hold->second.until.reset();
  return decide(now);
}

CourtOutput Court::on_lost(NodeId node, Instant now) {
  const auto last = pinged_.find(node);
  if (last == pinged_.end()) return {};
  if (const auto hold = holds_.find(node); hold != holds_.end()) hold->second.until = last->second + lease_ + margin_of(lease_);
  pinged_.erase(last);
  seats_.erase(node);
  told_.erase(node);
  return decide(now);
}

CourtOutput Court::on_report(NodeId node, Settings settings, Report report, Instant now) {
  if (pinged_.count(node) == 0) return {};
  // Where a node is on another ring, the vote for the last one is nothing to it any more.
  if (const auto hold = holds_.find(node); hold != holds_.end() && hold->second.ring != report.ring) holds_.erase(hold);
  if (const auto told = told_.find(node); told != told_.end() && told->second.ring != report.ring) told_.erase(told);
  // What an earlier run of this program has given counts like what this one gave.
  if (report.holds) holds_.try_emplace(node, Hold{report.ring, std::nullopt});
  seats_[node] = {settings, std::move(report)};
  return decide(now);
}

CourtOutput Court::on_taken(NodeId node, std::uint64_t vote_number, Instant now) {
  const auto told = told_.find(node);
  if (told == told_.end() || told->second.number != vote_number) return {};
  told->second.acknowledged = true;
  if (!told->second.yes) holds_.erase(node);
  return decide(now);
}

void Court::on_ping(NodeId node, Instant now) {
  if (const auto last = pinged_.find(node); last != pinged_.end()) last->second = std::max(last->second, now);
}

CourtOutput Court::on_stored(std::uint64_t number, Instant now) {
  stored_ = std::max(stored_, number);
  return decide(now);
}

void Court::on_unstorable() {
  if (stored_ < record_.number) record_.granted.reset();
}

CourtOutput Court::on_tick(Instant now) { return decide(now); }

void Court::expire(Instant now) {
  std::erase_if(holds_, [&](const auto& hold) { return hold.second.until && *hold.second.until <= now; });
  // Also while there is nothing to decide: next_deadline() must not name a moment that is over.
  if (readable_ && now >= quarantine_ends_) quarantined_ = false;
}

/// Until it ends, nodes of which nothing is known may hold a vote that an earlier run of this program gave.
bool Court::is_quarantined() {
  if (!quarantined_) return false;
  if (!seats_.empty()) {
    const auto& all = seats_.begin()->second.report.configured;
    if (std::all_of(all.begin(), all.end(), [this](NodeId node) { return seats_.count(node) != 0; })) quarantined_ = false;
  }
  return quarantined_;
}

bool Court::others_hold(const RingId& ring) const {
  return std::any_of(holds_.begin(), holds_.end(), [&](const auto& hold) { return hold.second.ring != ring; });
}

CourtOutput Court::decide(Instant now) {
  CourtOutput out;
  expire(now);
  const auto choice = choose(seats_, record_.granted);
  state_ = choice.why;
  // While a ring forms nothing is taken from anybody: who lost the old ring has lost its vote by that.
  if (!choice.stable || seats_.empty()) return out;
  if (is_quarantined()) {
    state_ = readable_ ? "waiting after the start: an earlier vote may still be held"
                       : "the record of the last vote cannot be read: waiting for all nodes to say where they are";
    return out;
  }
  for (const auto& [node, seat] : seats_)
    if (!choice.winner || seat.report.ring != choice.winner->ring) tell(node, seat.report.ring, false, out);
  if (!choice.winner) return out;
  if (others_hold(choice.winner->ring)) {
    state_ = "waiting until the last partition has given the vote back";
    return out;
  }
  give(*choice.winner, out);
  return out;
}

void Court::give(const Granted& winner, CourtOutput& out) {
  if (record_.granted != winner) {
    record_.granted = winner;
    ++record_.number;
    out.store = record_;
    out.notes.push_back(note(Level::notice, "the vote goes to ring {} of {} nodes: {}", winner.ring, winner.members.size(), state_));
  }
  // A restart must know of the vote before anybody acts on it.
  if (stored_ < record_.number) return;
  for (const auto& [node, seat] : seats_)
    if (seat.report.ring == winner.ring) tell(node, winner.ring, true, out);
}

void Court::tell(NodeId node, const RingId& ring, bool yes, CourtOutput& out) {
  auto& told = told_[node];
  if (told.number != 0 && told.ring == ring && told.yes == yes) return;
  told = {ring, yes, ++votes_sent_, false};
  if (yes) holds_[node] = {ring, std::nullopt};
  out.sends.push_back({node, Vote{told.number, ring, yes}});
}

std::optional<Instant> Court::next_deadline() const {
  std::optional<Instant> first;
  if (quarantined_ && readable_) first = quarantine_ends_;
  for (const auto& [node, hold] : holds_)
    if (hold.until && (!first || *hold.until < *first)) first = *hold.until;
  return first;
}

std::map<NodeId, RingId> Court::holders() const {
  std::map<NodeId, RingId> out;
  for (const auto& [node, hold] : holds_) out[node] = hold.ring;
  return out;
}

}  // namespace relevo::arbiter
