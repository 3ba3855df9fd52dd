// Attributes, fail counts and failures as displays tell of them. Internal to resmgr/policy/simulate.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Failures of one resource on one node.
struct ShownCount {
  const Resource* rsc = nullptr;
  int count = 0;
  WallTime last;
};
/// Of nodes that are online and have any; of each resource that the node's history knows, the instance that is meant there.
[[nodiscard]] std::vector<std::pair<const Node*, std::vector<ShownCount>>> fail_counts_by_node(WorkingSet& set);

/// Attributes with which the cluster talks to itself have places of their own in displays.
[[nodiscard]] bool is_shown_attribute(std::string_view name);
/// `Tue Aug 14 23:24:44 2012`
[[nodiscard]] std::string long_date(WallTime at, std::chrono::seconds utc_offset);
/// An operation's status in words.
[[nodiscard]] const char* operation_status_text(int status);

}  // namespace relevo::policy
