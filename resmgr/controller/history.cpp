// lrm_rsc_op entries: when which is written, replaced and removed.
#include "resmgr/controller/history.hpp"

#include <fmt/core.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/attributes/transient.hpp"
#include "resmgr/controller/history_entry.hpp"

namespace relevo::controller {
namespace {

using executor::OperationResult;
using executor::OpStatus;

pugi::xml_node find_resources(const cib::Document& cib, std::string_view uuid) {
  return attributes::node_state(cib, uuid).child("lrm").child("lrm_resources");
}

pugi::xml_node make_resources(cib::Document& cib, std::string_view uuid) {
  auto state = attributes::node_state(cib, uuid);
  if (!state) return {};
  auto lrm = state.child("lrm");
  if (!lrm) {
    lrm = state.append_child("lrm");
    xml::set_attribute(lrm, "id", uuid);
  }
  auto resources = lrm.child("lrm_resources");
  return resources ? resources : lrm.append_child("lrm_resources");
}

pugi::xml_node make_resource(pugi::xml_node resources, const executor::Operation& operation) {
  auto resource = xml::child(resources, "lrm_resource", operation.resource);
  if (!resource) {
    resource = resources.append_child("lrm_resource");
    xml::set_attribute(resource, "id", operation.resource);
  }
  xml::set_attribute(resource, "type", operation.type);
  xml::set_attribute(resource, "class", operation.klass);
  if (!operation.provider.empty()) xml::set_attribute(resource, "provider", operation.provider);
  return resource;
}

void remove_recurring(pugi::xml_node resource) {
  for (auto op = resource.child("lrm_rsc_op"); op;) {
    const auto next = op.next_sibling("lrm_rsc_op");
    const bool recurring = xml::attribute_or(op, "interval", "0") != "0";
    const bool failure = xml::attribute_or(op, "id").ends_with("_last_failure_0");
    if (recurring && !failure) resource.remove_child(op);
    op = next;
  }
}

/// A recurring operation whose first result is a failure is not pending any more, and has no good entry either.
void remove_pending(pugi::xml_node resource, const executor::Operation& operation) {
  const auto id = operation.resource + "_" + operation_name(operation.task, operation.interval);
  const auto entry = xml::child(resource, "lrm_rsc_op", id);
  if (entry && xml::attribute_or(entry, "op-status") == "-1") resource.remove_child(entry);
}

/// A one-shot operation that was dropped before it ran leaves nothing; a recurring one leaves with its entry.
void forget_cancelled(cib::Document& cib, std::string_view uuid, const executor::Operation& operation) {
  if (operation.interval.count() > 0)
    return forget_recurring(cib, uuid, operation.resource, operation.task, operation.interval);
  auto entries = xml::child(find_resources(cib, uuid), "lrm_resource", operation.resource);
  const auto entry = xml::child(entries, "lrm_rsc_op", operation.resource + "_last_0");
  const bool same = xml::attribute_or(entry, "operation") == operation.task;
  if (entry && same && xml::attribute_or(entry, "op-status") == "-1") entries.remove_child(entry);
}

}  // namespace

bool hides(std::string_view task, bool is_pending, const OperationResult& result) {
  return is_pending && task != "monitor" && result.operation.task == "monitor" && result.operation.interval.count() == 0;
}

bool is_record_only(std::string_view task) { return task == clear_failures_task || task == forget_task; }

bool is_recorded(std::string_view task) { return task != "notify" && !is_record_only(task); }

std::string operation_name(std::string_view task, std::chrono::milliseconds interval) {
  return fmt::format("{}_{}", task, interval.count());
}

std::string cancelled_task(const executor::Operation& cancel) {
  const auto named = cancel.meta.find("operation");
  return named != cancel.meta.end() ? named->second : "monitor";
}

bool is_failure(const OperationResult& result) {
  if (result.status == OpStatus::pending || result.status == OpStatus::cancelled) return false;
  if (!is_recorded(result.operation.task)) return false;
  const bool is_probe = result.operation.task == "monitor" && result.operation.interval.count() == 0;
  const bool tells_state = result.rc == 0 || result.rc == 7 || result.rc == 8 || result.rc == 190 || result.rc == 191;
  if (is_probe && tells_state) return false;  // what it found may be news, but nothing failed
  return result.rc != result.operation.expected_rc || result.status == OpStatus::timeout;
}

std::vector<std::string> entry_ids(const OperationResult& result) {
  const auto& op = result.operation;
  const bool once = op.interval.count() == 0;
  std::vector<std::string> ids;
  // Both halves of a migration are kept under names of their own: what they mean depends on the other one.
  if (op.task == "migrate_to" || op.task == "migrate_from")
    ids.push_back(op.resource + "_" + operation_name(op.task, op.interval));
  else if (is_failure(result)) {
    // A failed recurring operation leaves its last good entry in place.
    ids.push_back(op.resource + "_last_failure_0");
    if (once) ids.push_back(op.resource + "_last_0");
  } else {
    ids.push_back(once ? op.resource + "_last_0" : op.resource + "_" + operation_name(op.task, op.interval));
  }
  return ids;
}

OperationResult pending(const executor::Operation& operation, WallTime at) {
  OperationResult result;
  result.operation = operation;
  result.call_id = -1;
  result.rc = 193;
  result.status = OpStatus::pending;
  result.last_rc_change = result.last_run = at;
  return result;
}

void record(cib::Document& cib, std::string_view uuid, std::string_view node, const OperationResult& result) {
  const auto& op = result.operation;
  if (!is_recorded(op.task)) return;
  if (result.status == OpStatus::cancelled) return forget_cancelled(cib, uuid, op);
  auto resources = make_resources(cib, uuid);
  if (!resources) return;
  auto resource = make_resource(resources, op);
  if (op.task == "stop") remove_recurring(resource);
  if (is_failure(result)) remove_pending(resource, op);
  for (const auto& id : entry_ids(result)) {
    auto entry = xml::child(resource, "lrm_rsc_op", id);
    if (entry && hides(xml::attribute_or(entry, "operation"), xml::attribute_or(entry, "op-status") == "-1", result))
      continue;
    if (entry) resource.remove_child(entry);
    write_entry(resource.append_child("lrm_rsc_op"), id, node, result);
  }
}

void replace_history(cib::Document& cib, std::string_view uuid, std::string_view node,
                     const std::vector<OperationResult>& history) {
  auto state = attributes::node_state(cib, uuid);
  if (!state) return;
  state.remove_child("lrm");
  make_resources(cib, uuid);
  for (const auto& result : history) record(cib, uuid, node, result);
}

void forget_recurring(cib::Document& cib, std::string_view uuid, std::string_view resource, std::string_view task,
                      std::chrono::milliseconds interval) {
  auto entries = xml::child(find_resources(cib, uuid), "lrm_resource", resource);
  const auto id = fmt::format("{}_{}", resource, operation_name(task, interval));
  if (auto entry = xml::child(entries, "lrm_rsc_op", id)) entries.remove_child(entry);
}

bool forget_last_failure(cib::Document& cib, std::string_view uuid, std::string_view resource) {
  auto entries = xml::child(find_resources(cib, uuid), "lrm_resource", resource);
  const auto entry = xml::child(entries, "lrm_rsc_op", fmt::format("{}_last_failure_0", resource));
  return entry && entries.remove_child(entry);
}

bool forget_resource(cib::Document& cib, std::string_view uuid, std::string_view resource) {
  auto resources = find_resources(cib, uuid);
  const auto entries = xml::child(resources, "lrm_resource", resource);
  return entries && resources.remove_child(entries);
}

bool has_pending(const cib::Document& cib, std::string_view uuid) {
  for (auto resource : find_resources(cib, uuid).children("lrm_resource"))
    for (auto op : resource.children("lrm_rsc_op"))
      if (xml::attribute_or(op, "op-status") == "-1") return true;
  return false;
}

bool is_known(const cib::Document& cib, std::string_view uuid, std::string_view resource) {
  const auto entries = xml::child(find_resources(cib, uuid), "lrm_resource", resource);
  for (auto op : entries.children("lrm_rsc_op")) {
    const bool probing = xml::attribute_or(op, "op-status") == "-1" && xml::attribute_or(op, "operation") == "monitor";
    if (!probing) return true;
  }
  return false;
}

std::vector<std::string> recorded_resources(const cib::Document& cib, std::string_view uuid) {
  std::vector<std::string> names;
  for (auto resource : find_resources(cib, uuid).children("lrm_resource"))
    names.emplace_back(xml::attribute_or(resource, "id"));
  return names;
}

bool has_failure(const cib::Document& cib, std::string_view uuid, std::string_view resource) {
  const auto entries = xml::child(find_resources(cib, uuid), "lrm_resource", resource);
  return xml::child(entries, "lrm_rsc_op", fmt::format("{}_last_failure_0", resource)) ||
         !attributes::transient_names(cib, uuid, fmt::format("fail-count-{}#", resource)).empty();
}

}  // namespace relevo::controller
