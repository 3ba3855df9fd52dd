// Carrying a plan out on paper, see simulate.hpp: what each action says and what it leaves in the status.
#include <unordered_set>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/simulate/graph_walk.hpp"
#include "resmgr/policy/simulate/history.hpp"
#include "resmgr/policy/simulate/simulate.hpp"

namespace relevo::policy {
namespace {

std::string text(pugi::xml_node node, const char* name) { return node.attribute(name).as_string(); }

class Execution {
 public:
  Execution(pugi::xml_node cib, const WorkingSet& set, const Injections& injections) : status_(cib, injections), injections_(injections) {
    for (const auto& rsc : set.all_resources) {
      known_.insert(rsc.id);
      if (!rsc.history_name.empty()) known_.insert(rsc.history_name);
    }
  }

  /// Performs one action; true when it failed.
  Result<bool> perform(pugi::xml_node action);
  std::vector<std::string> lines;

 private:
  Result<bool> perform_operation(pugi::xml_node action);
  void perform_fencing(pugi::xml_node action);
  void say_cluster_action(pugi::xml_node action);
  void say_operation(const std::string& rsc, const std::string& task, const std::string& interval, const std::string& node);
  bool fail_if_asked(pugi::xml_node state, pugi::xml_node action, const HistoryOf& of, OperationResult& result);
  [[nodiscard]] std::string name_of(pugi::xml_node primitive) const;

  StatusWriter status_;
  const Injections& injections_;
  std::unordered_set<std::string> known_;  ///< ids of resources, and names under which histories know them
};

/// The name in the configuration, unless only the instance's name means something.
std::string Execution::name_of(pugi::xml_node primitive) const {
  auto id = text(primitive, "id");
  const auto instance = text(primitive, "long-id");
  return known_.count(id) == 0 && !instance.empty() && known_.count(instance) > 0 ? instance : id;
}

void Execution::say_operation(const std::string& rsc, const std::string& task, const std::string& interval, const std::string& node) {
  const bool recurring = !interval.empty() && interval != "0";
  lines.push_back(fmt::format("  * Resource action: {:<15} {}{}{} on {}", rsc, task, recurring ? "=" : "", recurring ? interval : "", node));
}

void Execution::say_cluster_action(pugi::xml_node action) {
  const auto primitive = action.child("primitive");
  lines.push_back(fmt::format("  * Cluster action:  {}{}{} on {}", text(action, "operation"), primitive ? " for " : "",
                              text(primitive, "id"), text(action, "on_node")));
}

void Execution::perform_fencing(pugi::xml_node action) {
  const auto operation = text(action.child("attributes"), "CRM_meta_stonith_action");
  const auto target = text(action, "on_node");
  lines.push_back(fmt::format("  * Fencing {} ({})", target, operation));
  if (equals_ignoring_case(operation, "on")) return;
  auto state = status_.set_node_state(target, false, "simulate_fencing_action");
  status_.forget(state);
}

bool Execution::fail_if_asked(pugi::xml_node state, pugi::xml_node action, const HistoryOf& of, OperationResult& result) {
  for (const auto& spec : injections_.op_fail) {
    for (const auto* name : {&of.rsc, &of.configured}) {
      const auto key = fmt::format("{}_{}_{}@{}=", *name, result.task, result.interval.count(), text(action, "on_node"));
      if (spec.size() < key.size() || !equals_ignoring_case(spec.substr(0, key.size()), key)) continue;
      const auto rc = parse_int(spec.substr(key.size()));
      if (!rc) {
        lines.push_back(fmt::format("Invalid failed operation '{}' specified. Result code must be integer", spec));
        break;
      }
      result.rc = static_cast<int>(*rc);
      lines.push_back(fmt::format("Pretending action {} failed with rc={}", text(action, "id"), result.rc));
      for (auto& line : status_.count_failure(state, *name, result.task, result.interval, result.rc)) lines.push_back(std::move(line));
      return true;
    }
  }
  return false;
}

Result<bool> Execution::perform_operation(pugi::xml_node action) {
  const auto primitive = action.child("primitive");
  const auto task = text(action, "operation");
  const auto node = text(action, "on_node");
  if (!primitive || text(primitive, "id").empty()) return fail(ErrorKind::invalid, "action {} names no resource", text(action, "id"));
  const HistoryOf of{name_of(primitive), text(primitive, "id"), text(primitive, "class"), text(primitive, "provider"), text(primitive, "type")};
  if (task == "delete" || task == "meta-data") {
    say_operation(of.rsc, task, {}, node);
    return false;
  }
  // A connection's node has its name as id; a node of the cluster brings its id along.
  const bool routed = action.attribute("router_node");
  auto state = status_.node_state(node, routed ? node : text(action, "on_node_uuid"));
  const auto history = status_.history(state, of);
  if (!history) return pass(history.error());

  OperationResult result{of.configured, task, std::chrono::milliseconds{0}, 0, 0, {}, {}};
  for (auto attribute : action.child("attributes").attributes()) result.attributes.emplace(attribute.name(), attribute.value());
  // Names that no attribute of XML may have stand in elements of their own.
  for (auto parameter : action.child("attributes").children("param")) result.attributes.emplace(text(parameter, "name"), text(parameter, "value"));
  const auto interval = text(action.child("attributes"), "CRM_meta_interval");
  result.interval = std::chrono::milliseconds(parse_int(interval).value_or(0));
  result.rc = result.expected_rc = action.child("attributes").attribute("CRM_meta_op_target_rc").as_int(0);
  say_operation(of.rsc, task, std::to_string(result.interval.count()), node);
  const bool failed = fail_if_asked(state, action, of, result);
  result.exit_reason = failed ? "User-injected result" : "";
  write_result(*history, std::move(result), injections_);
  status_.count();
  return failed;
}

Result<bool> Execution::perform(pugi::xml_node action) {
  const std::string_view kind = action.name();
  if (kind == "rsc_op") return perform_operation(action);
  if (kind == "pseudo_event") {
    const auto node = text(action, "on_node");
    lines.push_back(fmt::format("  * Pseudo action:   {}{}{}", text(action, "operation_key"), node.empty() ? "" : " on ", node));
  } else if (text(action, "operation") == "stonith") {
    perform_fencing(action);
  } else {
    say_cluster_action(action);
  }
  return false;
}

}  // namespace

Result<Executed> execute(pugi::xml_document& cib, WorkingSet& set, const pugi::xml_document& graph, const Injections& injections) {
  const auto root = cib.child("cib");
  if (!root) return fail(ErrorKind::invalid, "the document is no CIB");
  Execution execution(root, set, injections);
  GraphWalk walk(graph.child("transition_graph"));
  while (const auto action = walk.next()) {
    const auto failed = execution.perform(action);
    if (!failed) return pass(failed.error());
    walk.done(*failed);
  }
  return Executed{std::move(execution.lines), walk.is_stuck()};
}

}  // namespace relevo::policy
