// The phases of a plan, each a function from tables to a new table. Internal to the scheduler; phases.cpp calls them.
#pragma once

#include <string>
#include <vector>

#include "resmgr/scheduler/tables.hpp"

namespace relevo::scheduler {

/// What people must be told before anything else: no fence device, unclean nodes, parts not understood.
[[nodiscard]] std::vector<std::string> warnings(const Question& question);
/// Every resource's score on every node. Source: resmgr spec 2(a) stages 2 to 4.
[[nodiscard]] Scores node_scores(const Question& question);
/// A node for every resource; adds the last contributions to the scores. Source: stage 7.
[[nodiscard]] Assignments assign(const Question& question, Scores& scores);
/// Why a node cannot be used now, or empty.
[[nodiscard]] std::string unavailable(const model::Node& node);

/// Probes of what is not known yet. Source: stage 8.
void add_probes(const Question& question, Actions& actions);
/// Starts and stops of every resource. Source: stage 8.
void add_role_changes(const Question& question, const Assignments& assignments, Actions& actions);
/// Restarts and rescheduled monitors after changed definitions; cancels. Source: stage 6.
void add_definition_changes(const Question& question, const Assignments& assignments, Actions& actions);
/// Recurring operations. Source: stage 8.
void add_recurring(const Question& question, const Assignments& assignments, Actions& actions);
/// Shutdown of nodes that asked for it. Source: stage 10.
void add_shutdowns(const Question& question, Actions& actions);
/// Quorum, guard times and unclean nodes: what may not be done now.
void restrain(const Question& question, Actions& actions);
/// Applies the edges until nothing changes. Source: stage 11.
void settle(const Question& question, Actions& actions);

/// The parts of the plan that the tables become.
[[nodiscard]] std::vector<ScoreEntry> score_entries(const Question& question, const Scores& scores);
[[nodiscard]] std::vector<Placement> placements(const Question& question, const Assignments& assignments,
                                                const Actions& actions);
[[nodiscard]] std::vector<Action> final_actions(const Question& question, const Actions& actions);

}  // namespace relevo::scheduler
