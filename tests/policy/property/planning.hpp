// Planning a document in tests: the plan with its graph as a table of actions that can be asked. Decides nothing.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/set/working_set.hpp"
#include "resmgr/policy/simulate/simulate.hpp"

namespace relevo::policy::test {

constexpr WallTime planning_time{1'700'000'000};

/// One action of a graph.
struct GraphAction {
  std::string kind;       ///< rsc_op, pseudo_event, crm_event
  std::string operation, key, node;
  std::string rsc;        ///< of the primitive, or empty
  std::vector<std::string> after;  ///< ids of those that come before
};

struct Planned {
  std::unique_ptr<WorkingSet> set;
  AssignmentLog log;
  std::string graph_text;
  pugi::xml_document graph;
  std::map<std::string, GraphAction> actions;  ///< by id in the graph
  std::vector<std::string> summary;

  [[nodiscard]] bool is_empty() const { return actions.empty(); }
};

Planned plan(const pugi::xml_document& cib);
/// Carries the plan out: the document's status is what comes of it. Gives what was told.
Executed carry_out(pugi::xml_document& cib, Planned& planned, const Injections& injections = {});
/// Puts events into the status.
void happen(pugi::xml_document& cib, Injections injections);

/// What the plan comes to, without the numbers that only come from the order of things: actions, what each waits for, scores at
/// the end, the summary. Sorted lines.
[[nodiscard]] std::set<std::string> outcome(const Planned& planned);
/// Does `later` wait for `earlier`, at any distance?
[[nodiscard]] bool waits_for(const Planned& planned, const std::string& later, const std::string& earlier);

[[nodiscard]] std::string text_of(const pugi::xml_document& cib);

}  // namespace relevo::policy::test
