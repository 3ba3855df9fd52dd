// The duties of the DC: plan when something changed, fire actions, wait out guard times, declare nodes lost.
// Only the oldest synced member performs them; the others keep the same knowledge of absent nodes, to be ready.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/controller/messages.hpp"
#include "resmgr/controller/replica.hpp"
#include "resmgr/transition/engine.hpp"

namespace relevo::controller {

class Leader {
 public:
  // ---- what every member tells it, leading or not

  /// A new synced state: nothing that was fired before counts. `newcomer`: this node did not see
  /// for itself, with the right to act, how the others went.
  void reset(const Replica& replica, bool newcomer, Instant now);
  void on_departure(NodeId node, Standing standing, Instant now);
  /// The grace of a vanished process is over.
  void on_declared_lost(NodeId node);
  /// Something that may need another plan.
  void on_change() { dirty_ = true; }
  /// A request was ordered; `accepted` false means that nobody runs it.
  void on_request(const OpRequest& request, bool accepted, Instant now);
  void on_result(const OpResult& message, bool unexpected, Instant now);

  // ---- when leading

  struct Duties {
    std::vector<Message> messages;
    Notes notes;
  };
  /// Plans when due and fires what may be fired.
  [[nodiscard]] Duties perform(const Replica& replica, Instant now, WallTime wall);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

 private:
  struct Absent {
    Instant since;
    Standing standing = Standing::lost;
    bool told = false;   ///< NodeLost was sent
    bool lease = false;  ///< lost long after its process: its addresses may outlive it
  };
  [[nodiscard]] static Duration patience(const Replica& replica, const Absent& absent);
  [[nodiscard]] bool may_plan(const Replica& replica) const;
  [[nodiscard]] std::set<std::string> guarded(const Replica& replica, Instant now) const;
  [[nodiscard]] static executor::Operation to_operation(const Replica& replica, const transition::Firing& firing);
  void set_timers(const Replica& replica, Instant now);
  void declare_lost(const Replica& replica, Instant now, Duties& duties);
  void expire(Instant now, WallTime wall, Duties& duties);
  void plan(const Replica& replica, Instant now, WallTime wall, Duties& duties);
  void drop_recurring(const std::string& resource, const std::string& node);
  void fire(const Replica& replica, Instant now, WallTime wall, Duties& duties);
  void tell_idle(const Replica& replica, bool acting, Duties& duties);
  void tell_plan(const scheduler::Plan& plan, Duties& duties);

  transition::Engine engine_;
  bool dirty_ = true;
  bool fired_ = false;  ///< something was sent since the last plan: its end calls for one more look
  std::map<NodeId, Absent> absent_;
  std::set<std::string> guarded_before_;
  std::optional<Instant> timer_;    ///< a guard or a grace runs out
  std::optional<Instant> recheck_;  ///< the plan's own
  std::optional<std::uint64_t> idle_told_;
  std::set<std::string> told_;      ///< what the last plan said
};

}  // namespace relevo::controller
