// What would happen: events put into a CIB's status, a plan carried out on paper, and the cluster's status as text.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "resmgr/policy/set/working_set.hpp"
#include "resmgr/policy/simulate/report.hpp"

namespace relevo::policy {

/// What -u -d -f -i -F -t -q -w -g -r -b -e ask for. Source: resmgr spec 3.2, crm_simulate(8).
struct Injections {
  std::vector<std::string> node_up, node_down, node_fail;
  std::vector<std::string> op_inject, op_fail;       ///< `RSC_TASK_INTERVAL@NODE=RC`
  std::vector<std::string> ticket_grant, ticket_revoke, ticket_standby, ticket_activate;
  std::string quorum, watchdog;                       ///< empty = as it is
  WallTime at;                                        ///< when results come in: `last-rc-change`, `last-failure`
  std::string schema_of_results = "3.16.1";           ///< `crm_feature_set` of results
};
/// Changes the document's status. Notes what it did, as crm_simulate prints it. Errors: invalid, with the text at fault.
Result<std::vector<std::string>> inject(pugi::xml_document& cib, WorkingSet& set, const Injections& injections);

/// What came of carrying a graph out.
struct Executed {
  std::vector<std::string> lines;  ///< of "Executing Cluster Transition"
  bool is_stuck = false;           ///< actions were left that wait for one another
};
/// Carries the graph out on paper: each action's result is written into the status; `op_fail` ones fail. Errors: invalid, when
/// the graph cannot be read.
Result<Executed> execute(pugi::xml_document& cib, WorkingSet& set, const pugi::xml_document& graph, const Injections& injections);

/// "Node List", "Full List of Resources" ... as crm_simulate prints them. The set must be unpacked and not planned yet.
[[nodiscard]] std::vector<ReportLine> status_lines(WorkingSet& set, bool show_pending);
/// The lines of "Node List" with its heading; none when there are no nodes.
[[nodiscard]] std::vector<ReportLine> node_lines(const WorkingSet& set);
/// The lines of one resource with all its parts, as they stand below "Full List of Resources"; none for one that displays leave out.
/// `show_inactive` false: what does not run is left out, and counted where a group has it.
[[nodiscard]] std::vector<ReportLine> resource_lines(const WorkingSet& set, const Resource& rsc, bool show_inactive);
/// The failures that displays list.
[[nodiscard]] std::vector<const FailedOp*> shown_failures(const WorkingSet& set);
/// "Node Attributes" (nothing when there are none) and "Migration Summary" (fail counts), of nodes that are online.
[[nodiscard]] std::vector<ReportLine> attribute_lines(const WorkingSet& set);
[[nodiscard]] std::vector<ReportLine> fail_count_lines(WorkingSet& set);
/// "Failed Resource Actions"; nothing when there are none.
[[nodiscard]] std::vector<ReportLine> failure_lines(const WorkingSet& set);
/// The status as text.
[[nodiscard]] std::vector<std::string> status_text(WorkingSet& set, bool show_pending);

}  // namespace relevo::policy
