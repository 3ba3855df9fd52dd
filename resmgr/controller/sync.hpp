// One round of hellos after a view with joiners: who has spoken, who is left out, who has the best state.
// It neither sends nor loads; docs/internals/controller.md, "Joining", tells the whole of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/controller/messages.hpp"

namespace relevo::controller {

class SyncRound {
 public:
  /// A view with joiners, or states that differ: all members speak again.
  void restart(const std::vector<groups::Member>& members, Instant now);
  void depart(const groups::Member& member);
  /// False: the member had been left out, so a new round is due.
  bool hear(const groups::Member& from, Hello hello);
  /// Leaves members out when they still keep the round waiting.
  void give_up(const GiveUp& message);
  /// A result that came while no state could take it.
  void keep(const groups::Member& from, Message message) { kept_.emplace_back(from, std::move(message)); }
  void end() { active_ = false; }

  [[nodiscard]] bool is_active() const { return active_; }
  /// All that count have spoken.
  [[nodiscard]] bool is_complete() const;
  /// Whose image is awaited: the greatest (lineage, version), then the lowest member.
  [[nodiscard]] std::optional<groups::Member> chosen() const;
  /// Whom to leave out when it takes too long.
  [[nodiscard]] std::vector<groups::Member> laggards() const;
  [[nodiscard]] const std::vector<groups::Member>& members() const { return members_; }
  [[nodiscard]] const std::map<groups::Member, Hello>& hellos() const { return hellos_; }
  [[nodiscard]] bool is_mute(const groups::Member& member) const { return mute_.contains(member); }
  [[nodiscard]] std::vector<std::pair<groups::Member, Message>> take_kept() { return std::move(kept_); }
  [[nodiscard]] Instant waiting_since() const { return since_; }
  void wait_again(Instant now) { since_ = now; }

 private:
  bool active_ = false;
  std::vector<groups::Member> members_;
  std::map<groups::Member, Hello> hellos_;
  std::set<groups::Member> mute_;
  std::vector<std::pair<groups::Member, Message>> kept_;
  Instant since_;
};

}  // namespace relevo::controller
