// Carries a plan out: which actions may be fired now, what their results mean, when it is complete, stuck, or late.
// It performs nothing and has no clock; a new plan is merged with what is still in flight.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::transition {

/// How much may run at once, and how long an action may be silent.
struct Limits {
  std::size_t batch_limit = 0;                      ///< actions in flight in the cluster; 0 = no limit
  std::size_t node_limit = 0;                       ///< actions in flight on one node; 0 = no limit
  std::optional<std::size_t> migration_limit{};     ///< live migrations in flight from or to one node
  std::chrono::milliseconds cluster_delay{60'000};  ///< added to each action's own timeout
};

/// An action that is to be sent now. `serial` is new for every one and never reused by this engine.
struct Firing {
  std::uint64_t serial = 0;
  std::uint64_t plan = 0;  ///< number of the plan it belongs to (the transition number of its key)
  scheduler::Action action;
};

/// The beginning of the firing's transition key (`action:plan:expected-rc:`), which its result brings back.
[[nodiscard]] std::string key_of(const Firing& firing);

/// What a result meant for the plan.
enum class Verdict : std::uint8_t {
  expected,  ///< its successors may go on
  failed,    ///< not the expected code: plan again
  foreign,   ///< not of the current plan (an older one's, or unknown): plan again
};

enum class State : std::uint8_t {
  idle,     ///< no plan, or the plan is complete
  running,  ///< something is in flight or may be fired
  stuck,    ///< nothing in flight, nothing can be fired, and work is left: the failed or blocked inputs are the reason
};

/// Carried out whatever else fails, and although another plan has taken the place of its own: what tells of things that
/// have happened.
[[nodiscard]] bool is_urgent(const scheduler::Action& action);

/// One transition after another, merged.
class Engine {
 public:
  /// Takes a new plan. Actions in flight stay in flight: one that the new plan wants too is adopted, any other is
  /// waited for before anything else of the same resource is fired. Nothing unrelated waits.
  /// `nothing_happened`: this is one more look after a complete plan. What that plan did is not done a second time: some
  /// work is planned for ever, such as the cancel of an operation whose failure stays in the history.
  void set_plan(const scheduler::Plan& plan, const Limits& limits, bool nothing_happened = false);
  /// Forgets the plan (no longer the leader). What is in flight is forgotten too.
  void clear();

  /// The actions that may be fired now, marked as in flight. Pseudo-actions are passed through silently.
  [[nodiscard]] std::vector<Firing> fire(Instant now);

  /// A result, matched by resource, node, task and interval. Of several that match (two notifications on one node) it is
  /// the one with that transition key. What a notification gives is not looked at.
  Verdict on_result(const std::string& resource, const std::string& node, const std::string& task,
                    std::chrono::milliseconds interval, int rc, bool executed, std::string_view transition_key = {});
  /// A shutdown was carried out, or a fencing succeeded (kind and node name it).
  Verdict on_done(scheduler::ActionKind kind, const std::string& node);
  /// Everything in flight there has failed. Gives the firings that were given up.
  std::vector<Firing> on_node_lost(const std::string& node);
  /// Actions whose deadline has passed: they count as failed, and are told once.
  [[nodiscard]] std::vector<Firing> expire(Instant now);

  [[nodiscard]] State state() const;
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  [[nodiscard]] std::vector<Firing> in_flight() const;
  /// How many of the plan's actions still wait; what `wait_idle` tells when its time is up.
  [[nodiscard]] std::vector<std::string> waiting() const;

 private:
  enum class Progress : std::uint8_t { waiting, in_flight, done, failed, dropped };
  struct Step {
    scheduler::Action action;
    Progress progress = Progress::waiting;
  };
  struct Flight {
    Firing firing;
    Instant deadline;
    std::optional<std::size_t> step;  ///< index in steps_, or none when the current plan does not want it
    std::uint64_t tail = 0;           ///< number of the step of an older plan that it carries out, or 0
  };
  /// A step of an older plan that is carried out all the same (tail.cpp).
  struct TailStep {
    scheduler::Action action;
    std::uint64_t plan = 0, number = 0;
    std::set<std::uint64_t> flights, steps;  ///< what it waits for: serials of flights, numbers of other such steps
    bool done = false;
  };

  void adopt(std::size_t step, std::vector<bool>& reached);
  [[nodiscard]] bool inputs_done(const Step& step) const;
  [[nodiscard]] bool is_held(const scheduler::Action& action) const;
  [[nodiscard]] bool within_limits(const scheduler::Action& action) const;
  bool pass_pseudo();
  void keep_tail();
  void fire_tail(Instant now, std::vector<Firing>& fired);
  void finish_in_tail(TailStep& done);
  [[nodiscard]] static bool is_ready(const TailStep& step);
  /// An older plan still owes that resource on that node a notification.
  [[nodiscard]] bool has_tail(const scheduler::Action& action) const;
  Verdict finish(std::map<std::uint64_t, Flight>::iterator flight, bool success);

  std::vector<Step> steps_;
  std::map<std::uint64_t, Flight> flights_;  ///< by serial
  std::vector<TailStep> tail_;
  std::uint64_t last_tail_ = 0;
  Limits limits_;
  std::uint64_t plan_number_ = 0;
  std::uint64_t last_serial_ = 0;
};

}  // namespace relevo::transition
