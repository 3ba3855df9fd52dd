// Writing results into a CIB's status as a controller would: node states, transient attributes, histories of operations.
// Internal to resmgr/policy/simulate.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "resmgr/policy/set/node.hpp"
#include "resmgr/policy/simulate/simulate.hpp"

namespace relevo::policy {

/// What identifies the history of a resource on a node.
struct HistoryOf {
  std::string rsc;          ///< name of the instance
  std::string configured;   ///< name in the configuration, under which a new history is made
  std::string klass, provider, type;
};

/// Where results of a resource on a node are kept. One that is there twice is as good as new: nothing is known of earlier calls.
struct History {
  pugi::xml_node xml;
  bool is_ambiguous = false;
};

/// A document whose status is being changed. Each change counts one `num_updates`, as when it went through the CIB manager.
class StatusWriter {
 public:
  StatusWriter(pugi::xml_node cib, const Injections& injections);

  [[nodiscard]] pugi::xml_node cib() const { return cib_; }
  void count();   ///< one change of the status
  void count_configuration();

  /// The node_state of that name, made when there is none (`id` empty: its id in the configuration, or its name).
  pugi::xml_node node_state(const std::string& name, const std::string& id);
  /// Sets all of what says that the node is up, or is down.
  pugi::xml_node set_node_state(const std::string& name, bool up, const char* origin);
  /// Takes its history and its transient attributes away.
  void forget(pugi::xml_node node_state);
  /// `value++` counts up. Gives the line that tells of it.
  std::string set_transient(pugi::xml_node node_state, const std::string& name, const std::string& value);
  /// Counts a failure; nothing for what is none. Gives the lines that tell of it.
  std::vector<std::string> count_failure(pugi::xml_node node_state, const std::string& rsc, const std::string& task,
                                         std::chrono::milliseconds interval, int rc);
  /// The lrm_resource, made when there is none. Errors: invalid, when a new one cannot be made.
  Result<History> history(pugi::xml_node node_state, const HistoryOf& of);

 private:
  using Histories = std::unordered_map<std::string, History>;  ///< lrm_resource by id
  pugi::xml_node status();
  /// Its entry in the configuration, or nothing. Where a node is brought up, each that is spoken of becomes one of the cluster.
  pugi::xml_node configured_node(const std::string& name);
  Histories& histories_of(pugi::xml_node node_state);

  pugi::xml_node cib_;
  const Injections& injections_;
  std::unordered_map<std::string, pugi::xml_node> states_;                ///< by uname
  std::unordered_map<const void*, Histories> histories_;                  ///< by node_state, filled at the first use
};

/// One result.
struct OperationResult {
  std::string rsc, task;
  std::chrono::milliseconds interval{0};
  int rc = 0, expected_rc = 0;
  std::string exit_reason;
  Attributes attributes;  ///< as in the graph, CRM_meta_* among them; none: it is not known with what it was run
  int call_id = 0;        ///< 0: one more than the highest in that history
};
/// Writes it into the lrm_resource: a failure under its own name beside the last result, a success over the last one.
void write_result(const History& history, OperationResult result, const Injections& injections);

}  // namespace relevo::policy
