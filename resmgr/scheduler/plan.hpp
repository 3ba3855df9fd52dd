// The scheduler's answer: what becomes of each resource, actions and what they wait for. A value.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"

namespace relevo::scheduler {

using ActionId = std::uint32_t;  ///< place in Plan::actions

/// What becomes of a primitive, or of one instance of it.
struct Placement {
  std::string resource;
  std::string from;     ///< where it runs now, or empty
  std::string to;       ///< where it shall run, or empty
  std::string verdict;  ///< Start, Stop, Move, Promote ..., as crm_simulate's summary names them; else Leave
  std::string reason;   ///< one sentence
  bool blocked = false;
  std::string details{};              ///< as the summary has it between its brackets: `n1 -> n2`, `Unpromoted -> Promoted n1`
  std::vector<std::string> inside{};  ///< the group, clone or bundle that it is part of, innermost first
};

/// What carries it out: an agent, nobody (pseudo), a fence device, the node itself, the executor (cancel), or the CIB
/// (fail counts cleared, a history forgotten).
enum class ActionKind : std::uint8_t { resource, pseudo, fence, shutdown, cancel, clear_failures, forget };

/// One step of the transition. Source: resmgr spec 2(a) stage 12, "synapse".
struct Action {
  ActionId id = 0;
  ActionKind kind = ActionKind::resource;
  std::string resource;  ///< as the executor and the history know it; empty for fence and shutdown
  std::string instance;  ///< of an anonymous clone: which of those that share the name; else as `resource`
  std::string node;      ///< where it runs
  std::string task;      ///< start, stop, monitor, cancel, ...
  std::chrono::milliseconds interval{0};
  std::chrono::milliseconds timeout{20000};
  std::chrono::milliseconds start_delay{0};
  int expected_rc = 0;  ///< OCF code that means success (7 for a probe of what should not run)
  std::string on_fail;  ///< effective: restart, stop, block, ignore, fence, standby
  std::map<std::string, std::string> parameters;  ///< instance attributes
  std::map<std::string, std::string> meta;        ///< CRM_meta_* without the prefix
  std::string klass, provider, type;              ///< the agent
  bool runnable = true;
  int priority = 0;
  std::vector<ActionId> after;  ///< these must have succeeded first (or be optional)
  std::string reason;           ///< why it is in the plan
};

/// How fast the plan may be carried out, as the cluster's options say.
struct Pace {
  int batch_limit = 0;        ///< actions at once in the cluster; 0 or less = no limit
  int node_action_limit = 0;  ///< actions at once on one node; 0 or less = the controller's choice
  int migration_limit = -1;   ///< live migrations at once from or to one node; negative = no limit
  std::chrono::milliseconds cluster_delay{60'000};
  std::chrono::milliseconds recheck_interval{900'000};
};

struct Plan {
  std::vector<Placement> placements;  ///< Leave included
  std::vector<Action> actions;        ///< in an order that respects `after`
  Pace pace;
  std::vector<std::string> warnings;
  std::optional<WallTime> recheck_at;  ///< when the answer may change by itself
};

}  // namespace relevo::scheduler
