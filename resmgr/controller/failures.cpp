// Fail counts and failure times, kept as transient attributes of the node. Source: resmgr spec 1.6.
#include <fmt/core.h>

#include "resmgr/attributes/transient.hpp"
#include "resmgr/controller/history.hpp"
#include "resmgr/controller/options.hpp"

namespace relevo::controller {
namespace {

/// What the count becomes, or nothing for operations that have none (probes).
std::string_view new_count(const cib::Document& cib, const executor::Operation& op) {
  if (op.task == "stop") return "INFINITY";
  if (op.task == "start") return cluster_boolean(cib, "start-failure-is-fatal", true) ? "INFINITY" : "value++";
  const bool counted = op.interval.count() > 0 || op.task == "promote" || op.task == "demote";
  return counted ? "value++" : "";
}

}  // namespace

bool count_failure(cib::Document& cib, std::string_view uuid, const executor::OperationResult& result) {
  const auto& op = result.operation;
  const auto count = new_count(cib, op);
  if (count.empty() || !is_failure(result)) return false;
  const auto suffix = fmt::format("{}#{}", op.resource, operation_name(op.task, op.interval));
  const auto on_fail = op.meta.find("on_fail");
  // An ignored failure is remembered by its time only.
  if (on_fail == op.meta.end() || on_fail->second != "ignore")
    attributes::set_transient(cib, uuid, "fail-count-" + suffix, count);
  attributes::set_transient(cib, uuid, "last-failure-" + suffix, fmt::format("{}", result.last_rc_change.seconds));
  return true;
}

bool forget_failures(cib::Document& cib, std::string_view uuid, std::string_view resource) {
  bool any = false;
  for (const auto* kind : {"fail-count-", "last-failure-"})
    for (const auto& name : attributes::transient_names(cib, uuid, fmt::format("{}{}#", kind, resource)))
      any = attributes::remove_transient(cib, uuid, name) || any;
  return any;
}

}  // namespace relevo::controller
