// The hello round. Every member runs the same code over the same ordered messages and so chooses the same image.
#include "resmgr/controller/sync.hpp"

#include <algorithm>
#include <tuple>

namespace relevo::controller {

void SyncRound::restart(const std::vector<groups::Member>& members, Instant now) {
  active_ = true;
  members_ = members;
  hellos_.clear();
  mute_.clear();
  kept_.clear();
  since_ = now;
}

void SyncRound::depart(const groups::Member& member) {
  std::erase(members_, member);
  hellos_.erase(member);
  mute_.erase(member);
}

bool SyncRound::hear(const groups::Member& from, Hello hello) {
  if (mute_.contains(from)) return false;
  const bool is_member = std::find(members_.begin(), members_.end(), from) != members_.end();
  if (active_ && is_member) hellos_.insert_or_assign(from, std::move(hello));
  return true;
}

void SyncRound::give_up(const GiveUp& message) {
  if (!active_ || message.members != members_) return;
  const auto slow = laggards();
  for (const auto& member : message.mute) {
    if (std::find(slow.begin(), slow.end(), member) == slow.end()) continue;
    mute_.insert(member);
    hellos_.erase(member);
  }
}

bool SyncRound::is_complete() const {
  if (!active_ || hellos_.empty()) return false;
  return std::all_of(members_.begin(), members_.end(),
                     [this](const auto& m) { return hellos_.contains(m) || mute_.contains(m); });
}

std::optional<groups::Member> SyncRound::chosen() const {
  const auto rank = [](const auto& entry) { return std::tie(entry.second.lineage, entry.second.version); };
  const auto best = std::max_element(hellos_.begin(), hellos_.end(),
                                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return best == hellos_.end() ? std::nullopt : std::optional(best->first);
}

std::vector<groups::Member> SyncRound::laggards() const {
  std::vector<groups::Member> slow;
  for (const auto& member : members_)
    if (!hellos_.contains(member) && !mute_.contains(member)) slow.push_back(member);
  // All have spoken and still nothing came: the chosen one sleeps.
  if (slow.empty() && chosen()) slow.push_back(*chosen());
  return slow;
}

}  // namespace relevo::controller
