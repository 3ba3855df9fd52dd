// The plan as programs and people see it: transition graph, dot, transition summary. Nothing is decided here any more but
// which actions are worth carrying out.
#pragma once

#include <string>
#include <vector>

#include <pugixml.hpp>

#include "common/xml/writer.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// `<transition_graph>` with synapses, actions, inputs. Marks Action::dumped and the dependencies that count. Source: stage 12.
std::string graph_text(WorkingSet& set, int transition_id);
/// The same, written as it comes: that of a large cluster has tens of megabytes.
void write_graph(WorkingSet& set, int transition_id, xml::Writer& out);
/// The same as a tree, for who walks it.
pugi::xml_document make_graph(WorkingSet& set, int transition_id);
/// Graphviz; `all`: with actions that are optional.
[[nodiscard]] std::string make_dot(const WorkingSet& set, bool all);

/// One line of the transition summary.
struct SummaryLine {
  std::string verb;      ///< Start, Stop, Move, Recover, Restart, Reload, Migrate, Promote, Demote, Re-promote, Fence, Shutdown
  std::string rsc;       ///< or the node of a Fence and Shutdown
  std::string details;   ///< what stands between the brackets, without them
  std::string reason;    ///< behind `due to`, or empty
  bool blocked = false;
  std::string from{}, to{};          ///< nodes, empty where there is none
  std::string role{}, next_role{};
  bool has_roles = false;            ///< they matter: it is, or will be, promoted
};
/// What changes, in the peer's order: fencing and shutdown of nodes, then resources.
[[nodiscard]] std::vector<SummaryLine> summary(WorkingSet& set);
/// The lines as crm_simulate prints them below `Transition Summary:` (`  * Start      ip          (    n2 )`). What happens to a
/// node without a reason, a shutdown that it asked for, it does not print.
[[nodiscard]] std::vector<std::string> summary_text(const std::vector<SummaryLine>& lines);

}  // namespace relevo::policy
