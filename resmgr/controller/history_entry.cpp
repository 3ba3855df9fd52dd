// One lrm_rsc_op as Pacemaker writes it: its tools and our own unpacking read it.
#include "resmgr/controller/history_entry.hpp"

#include <fmt/core.h>

#include "common/xml/tree.hpp"
#include "resmgr/model/digest.hpp"

namespace relevo::controller {
namespace {

constexpr std::string_view feature_set = "3.16.2";

/// A reload that was carried out is as good as a start.
std::string_view kept_task(std::string_view task) { return task == "reload" || task == "reload-agent" ? "start" : task; }

/// What nobody planned (an urgent stop, a state seen from outside) still says what was expected of it: without that the
/// result could not be told from a failure.
std::string key_of(const executor::Operation& op) {
  if (!op.transition_key.empty()) return op.transition_key;
  return fmt::format("0:-1:{}:00000000-0000-4000-8000-000000000000", op.expected_rc);
}

bool is_migration(std::string_view task) { return task == "migrate_to" || task == "migrate_from"; }

}  // namespace

void write_entry(pugi::xml_node entry, std::string_view id, std::string_view node,
                 const executor::OperationResult& result) {
  const auto& op = result.operation;
  const auto status = static_cast<int>(result.status);
  const auto set = [&entry](std::string_view name, std::string_view value) { xml::set_attribute(entry, name, value); };
  const auto number = [&set](std::string_view name, std::int64_t value) { set(name, fmt::format("{}", value)); };
  set("id", id);
  set("operation_key", fmt::format("{}_{}_{}", op.resource, kept_task(op.task), op.interval.count()));
  set("operation", kept_task(op.task));
  set("crm-debug-origin", "controller");
  set("crm_feature_set", feature_set);
  set("transition-key", key_of(op));
  set("transition-magic", fmt::format("{}:{};{}", status, result.rc, key_of(op)));
  set("exit-reason", result.exit_reason);
  set("on_node", node);
  number("call-id", result.call_id);
  number("rc-code", result.rc);
  number("op-status", status);
  number("interval", op.interval.count());
  number("last-rc-change", result.last_rc_change.seconds);
  number("exec-time", result.exec_time.count());
  number("queue-time", result.queue_time.count());
  if (is_migration(op.task))
    for (const char* end : {"migrate_source", "migrate_target"})
      if (const auto found = op.meta.find(end); found != op.meta.end()) set(end, found->second);
  set("op-digest", model::operation_digest(op.parameters, op.interval, op.timeout));
}

}  // namespace relevo::controller
