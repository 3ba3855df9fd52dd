// Histories of operations in a simulated status, see history.hpp.
#include "resmgr/policy/simulate/history.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/model/digest.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view meta_prefix = "CRM_meta_";

std::string meta(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(std::string(meta_prefix) + std::string(name));
  return found == attributes.end() ? std::string{} : found->second;
}

bool needs_provider(std::string_view klass) { return klass == "ocf"; }
bool is_class(std::string_view klass) {
  for (const auto* known : {"ocf", "lsb", "systemd", "service", "stonith", "upstart", "nagios"})
    if (klass == known) return true;
  return false;
}

/// Not with what an operation runs, but where and how.
bool is_parameter(std::string_view name) {
  if (name.starts_with(meta_prefix)) return false;
  for (const auto* other : {"id", "crm_feature_set", "op-digest", "on_node", "on_node_uuid", "pcmk_external_ip"})
    if (name == other) return false;
  return true;
}

std::string digest_of(const OperationResult& result) {
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : result.attributes)
    if (is_parameter(name)) parameters.emplace(name, value);
  const auto timeout = parse_int(meta(result.attributes, "timeout")).value_or(0);
  return model::operation_digest(parameters, result.interval, std::chrono::milliseconds(timeout));
}

/// The task under which a result is kept: a reload that worked is as good as a start.
std::string kept_task(const OperationResult& result) {
  return result.task == "reload" || result.task == "reload-agent" ? "start" : result.task;
}

/// The ids under which a result is kept; a failed single operation is the last one as well.
std::vector<std::string> kept_under(const OperationResult& result, const std::string& key) {
  if (result.task == "notify") return {notify_key(result.rsc, meta(result.attributes, "notify_type"), meta(result.attributes, "notify_operation"))};
  if (result.task == "migrate_to" || result.task == "migrate_from") return {key};
  const auto last = result.rsc + "_last_0";
  if (result.rc != result.expected_rc) {
    std::vector<std::string> ids{result.rsc + "_last_failure_0"};
    if (result.interval.count() == 0) ids.push_back(last);
    return ids;
  }
  return {result.interval.count() > 0 ? key : last};
}

void write_entry(pugi::xml_node entry, const OperationResult& result, const std::string& key, const Injections& injections) {
  const auto transition = fmt::format("{}:-1:{}:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", result.call_id, result.expected_rc);
  const auto set = [&](const char* name, const std::string& value) { xml::set_attribute(entry, name, value); };
  set("operation_key", key);
  set("operation", kept_task(result));
  set("crm-debug-origin", "crm_simulate");
  set("crm_feature_set", injections.schema_of_results);
  set("transition-key", transition);
  set("transition-magic", fmt::format("0:{};{}", result.rc, transition));
  set("exit-reason", result.exit_reason);
  set("call-id", std::to_string(result.call_id));
  set("rc-code", std::to_string(result.rc));
  set("op-status", "0");
  set("interval", std::to_string(result.interval.count()));
  set("last-rc-change", std::to_string(injections.at.seconds));
  set("exec-time", "0");
  set("queue-time", "0");
  if (result.task == "migrate_to" || result.task == "migrate_from")
    for (const char* end : {"migrate_source", "migrate_target"})
      if (const auto node = meta(result.attributes, end); !node.empty()) set(end, node);
  if (!result.attributes.empty()) set("op-digest", digest_of(result));
}

}  // namespace

StatusWriter::Histories& StatusWriter::histories_of(pugi::xml_node node_state) {
  const auto [at, is_new] = histories_.try_emplace(node_state.internal_object());
  if (is_new)
    for (auto lrm : node_state.children("lrm"))
      for (auto list : lrm.children("lrm_resources"))
        for (auto rsc : list.children("lrm_resource")) {
          const auto [known, first] = at->second.try_emplace(rsc.attribute("id").as_string(), History{rsc});
          known->second.is_ambiguous = !first;
        }
  return at->second;
}

Result<History> StatusWriter::history(pugi::xml_node node_state, const HistoryOf& of) {
  auto& known = histories_of(node_state);
  for (const auto* name : {&of.rsc, &of.configured})
    if (const auto found = known.find(*name); found != known.end()) return found->second;
  const auto* node = node_state.attribute("uname").as_string();
  if (of.klass.empty() || of.type.empty())
    return fail(ErrorKind::invalid, "Resource {} not found in the status section of {}.  Please supply the class and type to continue", of.rsc, node);
  if (!is_class(of.klass)) return fail(ErrorKind::invalid, "Invalid class for {}: {}", of.rsc, of.klass);
  if (needs_provider(of.klass) && of.provider.empty()) return fail(ErrorKind::invalid, "Please specify the provider for resource {}", of.rsc);

  auto lrm = node_state.child("lrm");
  if (!lrm) {
    lrm = node_state.append_child("lrm");
    lrm.append_attribute("id") = node_state.attribute("id").as_string();
  }
  auto list = lrm.child("lrm_resources");
  if (!list) list = lrm.append_child("lrm_resources");
  auto made = list.append_child("lrm_resource");
  made.append_attribute("id") = of.configured.c_str();
  made.append_attribute("class") = of.klass.c_str();
  if (!of.provider.empty()) made.append_attribute("provider") = of.provider.c_str();
  made.append_attribute("type") = of.type.c_str();
  return known.emplace(of.configured, History{made}).first->second;
}

void write_result(const History& history, OperationResult result, const Injections& injections) {
  if (result.task == "notify") result.rc = 0;  // what a notification gives is not looked at
  auto lrm_resource = history.xml;
  if (result.call_id == 0) {
    if (!history.is_ambiguous)
      for (auto entry : lrm_resource.children("lrm_rsc_op")) result.call_id = std::max(result.call_id, entry.attribute("call-id").as_int(0));
    result.call_id = std::min(result.call_id, std::numeric_limits<int>::max() - 1) + 1;
  }
  const auto key = op_key(result.rsc, kept_task(result), result.interval);
  for (const auto& id : kept_under(result, key)) {
    auto entry = lrm_resource.find_child_by_attribute("lrm_rsc_op", "id", id.c_str());
    if (!entry) {
      entry = lrm_resource.append_child("lrm_rsc_op");
      entry.append_attribute("id") = id.c_str();
    }
    write_entry(entry, result, key, injections);
  }
}

}  // namespace relevo::policy
