// Why a resource is where it is, and why an action is planned: for people and for programs, after make_graph(). Adds nothing
// to the plan; what is told was noted while it was made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.hpp"
#include "resmgr/policy/graph/reasons.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// One node as a place for a resource.
struct Place {
  const Node* node = nullptr;
  bool allowed = false;                ///< it has a score at all
  bool chosen = false;
  Score score;
  std::string unusable;                ///< why the node runs nothing now; empty when it can
  std::vector<Contribution> because;   ///< oldest first
  std::vector<std::string> needed;     ///< what would have to change for the resource to run there; empty for the chosen one
};

/// One primitive.
struct Explanation {
  const Resource* rsc = nullptr;
  std::string verdict;                 ///< `it moves from n1 to n2`
  std::string settled;                 ///< what decided between the nodes
  std::vector<Place> places;           ///< best first
  std::vector<Contribution> promotion; ///< of an instance of a promotable clone, oldest first
  std::vector<std::string> cannot;     ///< actions that it waits for and that cannot run
};

/// The primitives of that name or in that group, clone, bundle, each with its nodes. `node` (may be empty) limits the places.
/// Errors: not_found, with the nearest name.
Result<std::vector<Explanation>> explain(WorkingSet& set, std::string_view resource, std::string_view node);
[[nodiscard]] std::vector<std::string> explain_text(const WorkingSet& set, const std::vector<Explanation>& explanations);
[[nodiscard]] nlohmann::json explain_json(const std::vector<Explanation>& explanations);

/// The actions with that key (`VIP_start_0`, or `VIP_start`), on that node if one is given. Errors: not_found, with the near ones.
Result<std::vector<const Action*>> find_planned(const WorkingSet& set, std::string_view key, std::string_view node);
/// Why each is there, what it waits for, what waits for it.
[[nodiscard]] std::vector<std::string> explain_text(const WorkingSet& set, const std::vector<const Action*>& actions);
[[nodiscard]] nlohmann::json explain_json(const WorkingSet& set, const std::vector<const Action*>& actions);

/// Why nothing can run on the node now (`is in standby`); empty when it can.
[[nodiscard]] std::string why_unusable(const Node& node);
/// A score's contributions, oldest first.
[[nodiscard]] std::vector<Contribution> contributions_of(const Ledger& ledger, std::uint32_t last);
/// Those that count: from the last one on that replaced the others.
[[nodiscard]] std::vector<Contribution> counting(const std::vector<Contribution>& all);
/// What keeps a resource from running on that node, or from being preferred there, each with what would change it.
[[nodiscard]] std::vector<std::string> obstacles(const WorkingSet& set, const Resource& rsc, const Place& place);
/// `location constraint l1`, `colocation c1 with B, which is on n1`
[[nodiscard]] std::string told(const WorkingSet& set, const Resource& rsc, const Contribution& contribution);

}  // namespace relevo::policy
