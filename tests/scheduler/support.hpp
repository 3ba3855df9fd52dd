// Reading CIBs and telling plans, for the scheduler's tests and tools.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/model/cluster_state.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::test {

/// The moment at which all tests live, unless the CIB has an execution-date.
constexpr WallTime some_time{1'700'000'000};

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);
/// The document without the checks of Document::parse: old corpora are not all valid.
Result<cib::Document> lenient(const std::string& text);
/// `resource allocation score on node: N`, sorted, as crm_simulate -s prints them.
std::vector<std::string> score_lines(const scheduler::Plan& plan);
/// Warnings, summary, scores and actions: what plan.txt holds.
std::string plan_text(const scheduler::Plan& plan);
/// The explanation of every resource: what why.txt holds.
std::string why_text(const model::ClusterState& state, const scheduler::Plan& plan);

}  // namespace relevo::test
