// The record of operations: which entries a result makes, in memory and in the CIB's status, and what counts as a failure.
// Source: resmgr spec 1.6 and 2(f), "Record".
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "resmgr/cib/document.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::controller {

/// Tasks that change nothing but the record: done by everybody as soon as they are ordered, by no agent.
inline constexpr std::string_view clear_failures_task = "clear_failcount", forget_task = "lrm_delete";
[[nodiscard]] bool is_record_only(std::string_view task);
/// Of a notification nothing is written down, whatever comes of it.
[[nodiscard]] bool is_recorded(std::string_view task);

/// `monitor_10000`: how fail counts and history entries name an operation.
[[nodiscard]] std::string operation_name(std::string_view task, std::chrono::milliseconds interval);
/// The task that a `cancel` ends (meta `operation`; default monitor).
[[nodiscard]] std::string cancelled_task(const executor::Operation& cancel);
/// The ids of the entries that a result writes: `R_last_0`, `R_monitor_10000`, `R_last_failure_0`.
[[nodiscard]] std::vector<std::string> entry_ids(const executor::OperationResult& result);
/// It ended, was not cancelled, and not as the transition expected.
[[nodiscard]] bool is_failure(const executor::OperationResult& result);
/// An operation that was asked for and has not ended.
[[nodiscard]] executor::OperationResult pending(const executor::Operation& operation, WallTime at);

/// A pending start or stop stays when the answer of a probe comes that had been asked for before it.
[[nodiscard]] bool hides(std::string_view task, bool is_pending, const executor::OperationResult& result);

/// Writes a result (or a pending operation) into the node's history. A stop ends the recurring entries.
void record(cib::Document& cib, std::string_view uuid, std::string_view node, const executor::OperationResult& result);
/// Puts `history` in place of all that the node's history said.
void replace_history(cib::Document& cib, std::string_view uuid, std::string_view node,
                     const std::vector<executor::OperationResult>& history);
/// Removes the entry of a recurring operation.
void forget_recurring(cib::Document& cib, std::string_view uuid, std::string_view resource, std::string_view task,
                      std::chrono::milliseconds interval);
/// Removes the entry of its last failure; true when there was one.
bool forget_last_failure(cib::Document& cib, std::string_view uuid, std::string_view resource);
/// Removes all entries of a resource; true when there were any.
bool forget_resource(cib::Document& cib, std::string_view uuid, std::string_view resource);
/// Whether any operation on the node is recorded as pending.
[[nodiscard]] bool has_pending(const cib::Document& cib, std::string_view uuid);
/// The history tells whether the resource runs on the node: a probe that has not ended tells nothing.
[[nodiscard]] bool is_known(const cib::Document& cib, std::string_view uuid, std::string_view resource);
/// The resources in the node's history, in document order.
[[nodiscard]] std::vector<std::string> recorded_resources(const cib::Document& cib, std::string_view uuid);
/// The history holds a failure of the resource.
[[nodiscard]] bool has_failure(const cib::Document& cib, std::string_view uuid, std::string_view resource);

/// Fail count and last failure of an unexpected result: `fail-count-R#monitor_10000`, `last-failure-R#...`.
/// True when the status changed.
bool count_failure(cib::Document& cib, std::string_view uuid, const executor::OperationResult& result);
/// Removes the fail counts and failure times of a resource; true when there were any.
bool forget_failures(cib::Document& cib, std::string_view uuid, std::string_view resource);

}  // namespace relevo::controller
