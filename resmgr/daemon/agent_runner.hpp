// Runs what the executor core asks for: finds the agents, starts them as child processes, hands the results up.
// It decides nothing: queues, recurring operations and the meaning of results are in resmgr/executor.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/note.hpp"
#include "common/io/loop.hpp"
#include "common/io/root.hpp"
#include "resmgr/daemon/agent_files.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::resmgr {

struct AgentRunnerOptions {
  io::Root root;          ///< agents keep their state below root/run/resource-agents
  std::string node_name;  ///< CRM_meta_on_node
  std::string node_id;    ///< CRM_meta_on_node_uuid
  /// Folders that hold PROVIDER/TYPE, first match wins. Empty = default_ocf_folders().
  std::vector<std::string> ocf_folders;
  /// Added to the environment of every agent.
  std::map<std::string, std::string> environment;
  /// Kernel lifetime that our IPaddr2 gives its address (the LeaseKeeper renews it); 0 = addresses without an end.
  std::chrono::seconds lease{2};
};

/// The local executor. All callbacks run on the loop, never from inside a call into this object.
class AgentRunner {
 public:
  using OnResult = std::function<void(const executor::OperationResult&)>;

  AgentRunner(io::Loop& loop, AgentRunnerOptions options);
  ~AgentRunner();

  /// Called with every result that is to be recorded: all of one-shot operations, of recurring ones the first and
  /// each changed one.
  void on_result(OnResult handler);
  void on_note(std::function<void(const Note&)> handler);
  /// Called after actives() or recurring() changed (to save them).
  void on_actives_changed(std::function<void()> handler);

  /// Queues an operation and gives its call id. Task `cancel` ends the recurring operation that
  /// `meta["operation"]` (default: monitor) and `interval` name; its result is always 0.
  int execute(executor::Operation operation);
  /// Ends a recurring operation without a result.
  void cancel(const std::string& resource, const std::string& task, std::chrono::milliseconds interval);
  /// Something seen from outside, such as a lost address: the resource's recurring monitor reports `rc` at once
  /// (or a one-shot monitor result when it has none).
  void observe(const std::string& resource, int rc, const std::string& reason);

  /// Stops everything that is or may be active, now: queues are dropped, running operations other than stops are
  /// killed. Results still come; `on_done` is called when no stop is left.
  void stop_all_local(std::function<void()> on_done);

  /// What was started or seen running and was not stopped since: the operation that said so, with its parameters.
  [[nodiscard]] std::vector<executor::Operation> actives() const;
  /// The recurring operations at work.
  [[nodiscard]] std::vector<executor::Operation> recurring() const;
  /// After a restart of the daemon: what an earlier run had. Recurring operations run again at once.
  void restore(const std::vector<executor::Operation>& actives, const std::vector<executor::Operation>& recurring);
  /// Operations queued or running, recurring ones that only wait for their time not counted.
  [[nodiscard]] std::size_t busy() const;

  /// Where agents keep state and lease records: root/run/resource-agents.
  [[nodiscard]] const std::string& state_folder() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with what is posted on the loop
};

}  // namespace relevo::resmgr
