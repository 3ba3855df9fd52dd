// The executor's core: one serial queue a resource, recurring operations, what a child's end means.
// It starts nothing itself: the shell finds and runs the agents, and tells how they ended.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/time.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::executor {

/// One run of an agent.
using RunToken = StrongId<struct RunTokenTag, std::uint64_t>;
using std::chrono::milliseconds;

// ---- what comes in

struct Execute {
  Operation operation;
};
/// Ends a recurring operation without a result of its own.
struct Cancel {
  std::string resource, task;
  milliseconds interval{0};
};
/// How a run ended, as the shell saw it.
struct ChildDone {
  RunToken token;
  bool found = true;      ///< false: no such agent on this host
  bool started = true;    ///< false: it could not be executed, `error` says why
  bool permitted = true;  ///< false: it could not be executed for lack of a right
  bool timed_out = false;
  int exit_code = -1;
  int signal = 0;
  std::string out, err, error;
  Duration run_time{0};
};
/// A state seen from outside, to be reported as if a monitor had found it.
struct Observe {
  std::string resource;
  int rc = 7;
  std::string reason;
};
/// Stop all that is or may be active, before anything else.
struct StopAll {};
/// What an earlier run of the daemon had.
struct Restore {
  std::vector<Operation> actives, recurring;
};
/// Only the time has moved.
struct Tick {};
using Input = std::variant<Tick, Execute, Cancel, ChildDone, Observe, StopAll, Restore>;

// ---- what goes out, performed in order

struct Spawn {
  RunToken token;
  std::string klass, provider, type;
  std::string task;
  std::map<std::string, std::string> environment;  ///< the whole environment
  milliseconds timeout{0};
};
struct Kill {
  RunToken token;
};
using Effect = std::variant<Spawn, Kill, OperationResult>;

struct Output {
  std::vector<Effect> effects;
  std::vector<Note> notes;
  bool actives_changed = false;  ///< actives() or recurring() answers otherwise than before
};

struct CoreOptions {
  std::string node_name, node_id;
  std::map<std::string, std::string> environment;  ///< given to every agent
};

class Core {
 public:
  explicit Core(CoreOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Output step(const Input& input, Instant now, WallTime wall);
  /// When the next recurring or delayed operation is due.
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  /// The call id that the latest Execute got.
  [[nodiscard]] int last_call_id() const { return call_id_; }

  /// Resources that are or may be active: the operation that said so, by resource name.
  [[nodiscard]] std::vector<Operation> actives() const;
  [[nodiscard]] std::vector<Operation> recurring() const;
  /// Queued and running operations.
  [[nodiscard]] std::size_t busy() const;
  /// A stop is queued or running.
  [[nodiscard]] bool stopping() const;

 private:
  /// Identity of a recurring operation within its resource.
  struct Key {
    std::string task;
    milliseconds interval{0};
    auto operator<=>(const Key&) const = default;
  };
  struct Job {
    Operation operation;
    int call_id = 0;
    std::optional<Key> recurring;
    Instant ready_at;  ///< not before
  };
  struct Recurring {
    Operation operation;
    int call_id = 0;
    std::optional<Instant> due;  ///< none while queued or running
    bool report = true;          ///< the next result is reported whatever it is
    int last_rc = 0;
    OpStatus last_status = OpStatus::pending;
    WallTime last_change;
    bool cancelled = false;            ///< goes when its run has ended
    std::vector<Job> waiting_cancels;  ///< answered then
  };
  struct Run {
    RunToken token;
    Job job;
    Instant started;
    WallTime wall;
    bool killed = false;
  };
  struct Resource {
    std::deque<Job> queue;
    std::optional<Run> run;
    std::map<Key, Recurring> recurring;
    std::optional<Operation> active;
  };
  struct Turn {  // one step: its time and its output
    Instant now;
    WallTime wall;
    Output& out;
  };

  void on(const Tick&, Turn&) {}
  void on(const Execute&, Turn&);
  void on(const Cancel&, Turn&);
  void on(const ChildDone&, Turn&);
  void on(const Observe&, Turn&);
  void on(const StopAll&, Turn&);
  void on(const Restore&, Turn&);

  void refuse(const Job& job, Turn& turn);
  void execute_cancel(Resource& resource, Job job, Turn& turn);
  void add_recurring(Resource& resource, Job job, Turn& turn);
  void end_recurring(Resource& resource, const Key& key, std::optional<Job> waiting, Turn& turn);
  void cancel_all_recurring(Resource& resource, Turn& turn);
  void drop_queue(Resource& resource, Turn& turn);
  void queue_emergency_stop(const Operation& like, Resource& resource, Turn& turn);
  void pump(Turn& turn);
  void pump(Resource& resource, Turn& turn);
  void start(Resource& resource, Job job, Turn& turn);
  void finish(Resource& resource, const Run& run, OperationResult result, Turn& turn);
  void finish_recurring(Resource& resource, const Key& key, OperationResult result, Turn& turn);
  void learn(Resource& resource, const OperationResult& result, Turn& turn);
  void answer(const Job& job, int rc, OpStatus status, std::string reason, Turn& turn);
  static bool has_stop(const Resource& resource);

  CoreOptions options_;
  std::map<std::string, Resource> resources_;
  std::map<RunToken, std::string> runs_;  ///< whose run it is
  std::uint64_t next_token_ = 1;
  int call_id_ = 0;
};

}  // namespace relevo::executor
