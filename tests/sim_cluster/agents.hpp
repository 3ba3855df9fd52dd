// A host's agents in the simulation: what really runs there, and an executor that takes time and fails now and then.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/rng.hpp"
#include "common/base/time.hpp"
#include "resmgr/controller/types.hpp"

namespace relevo::sim {

/// How often agents misbehave, in percent.
struct Temper {
  std::uint64_t start_fails = 0, stop_fails = 0, slow = 0;
};

/// What runs on a host, whoever started it: it outlives the process, and dies with the host or with its lease.
struct Running {
  Instant lease_ends;
  executor::Operation operation;  ///< the one that started it
};

class Agents {
 public:
  Agents(Rng rng, Temper temper) : rng_(rng), temper_(temper) {}

  void execute(const executor::Operation& operation, Instant now);
  void cancel(const std::string& resource, const std::string& task, std::chrono::milliseconds interval);
  void stop_everything(Instant now);
  /// Results that are due.
  [[nodiscard]] std::vector<executor::OperationResult> advance(Instant now, WallTime wall);
  [[nodiscard]] std::optional<Instant> next() const;
  /// The process is gone: what was queued is never done; a start that was running may have taken effect.
  void process_died(Instant now);
  void host_died();
  /// Every address lives as long as somebody renews it.
  void renew(Instant now);
  void expire(Instant now);
  /// Something outside kills the resource.
  void break_resource(const std::string& resource) { running_.erase(resource); }

  [[nodiscard]] const std::map<std::string, Running>& running() const { return running_; }

 private:
  struct Job {
    executor::Operation operation;
    int call_id = 0;
    std::optional<Instant> ends;
    bool killed = false;
    bool emergency = false;
  };
  struct Watch {
    executor::Operation operation;
    int call_id = 0;
    Instant due;
    std::optional<int> last_rc;
  };
  void begin(Job& job, Instant now);
  executor::OperationResult finish(const Job& job, Instant now, WallTime wall);
  void stop_now(const std::string& resource, std::deque<Job>& queue, Instant now);
  [[nodiscard]] int watch_rc(const std::string& resource) const { return running_.contains(resource) ? 0 : 7; }

  Rng rng_;
  Temper temper_;
  std::map<std::string, Running> running_;
  std::map<std::string, std::deque<Job>> queues_;
  std::map<std::pair<std::string, std::int64_t>, Watch> watches_;
  std::vector<executor::OperationResult> dropped_;
  int last_call_ = 0;
};

inline constexpr auto lease = std::chrono::seconds(2);

}  // namespace relevo::sim
