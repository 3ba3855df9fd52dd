// Constraints once they are read: ids and sets resolved to resources, rules evaluated.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "resmgr/policy/set/action.hpp"
#include "resmgr/policy/set/resource.hpp"

namespace relevo::policy {

struct Location {
  std::string id;
  Resource* rsc = nullptr;
  Role role = Role::unknown;                       ///< filter; unknown = any
  Discovery discovery = Discovery::always;
  Cause cause = Cause::location;
  std::vector<std::pair<Node*, Score>> scores;     ///< nodes it speaks of
};

struct Colocation {
  std::string id;
  std::string attribute = "#uname";
  Resource* dependent = nullptr;
  Resource* primary = nullptr;
  Role dependent_role = Role::unknown, primary_role = Role::unknown;
  int score = 0;
  bool influence = true;  ///< the dependent's wishes count for the primary
};

/// An ordering before it is applied: either end is an action, or a resource and a task (any of its actions of that task).
struct Ordering {
  std::string id;
  std::uint32_t flags = order::none;
  Resource* first_rsc = nullptr;
  std::string first_task;   ///< key (`RSC_start_0`), looked up in first_rsc
  Action* first = nullptr;
  Resource* then_rsc = nullptr;
  std::string then_task;
  Action* then = nullptr;
};

struct Ticket {
  std::string id;
  bool granted = false, standby = false;
  WallTime last_granted;
  Attributes state;
};

struct TicketConstraint {
  std::string id;
  Resource* rsc = nullptr;
  Ticket* ticket = nullptr;
  LossPolicy loss = LossPolicy::stop;
  Role role = Role::unknown;
};

}  // namespace relevo::policy
