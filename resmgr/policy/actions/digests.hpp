// Digests of an operation's parameters: tells whether a definition changed since the operation was run. What follows
// from a change is decided in config_changes.cpp and fencing.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// How the parameters of now stand to those of then. `unknown`: then left no digest.
enum class DigestMatch : std::uint8_t { same, restart, changed, unknown };

/// The digests that an operation would have now, and how they compare.
struct OperationDigests {
  DigestMatch match = DigestMatch::same;
  std::string all, secure, restart;  ///< empty when not asked for
};

/// What is hashed: `entry` may be empty; it says which parameters are private and which can be reloaded.
struct DigestQuery {
  std::string_view task;
  std::chrono::milliseconds interval{0};
  pugi::xml_node entry{};
  bool with_secure = false;
};
/// The digests of that operation as it is configured now.
[[nodiscard]] OperationDigests operation_digests(WorkingSet& set, Resource& rsc, Node& node, const DigestQuery& query);
/// The same for an operation of the history (`lrm_rsc_op`), compared with what it was run with.
[[nodiscard]] OperationDigests compare_digests(WorkingSet& set, Resource& rsc, Node& node, pugi::xml_node entry);
/// Parameters of a fencing device compared with those that `node` was unfenced with.
[[nodiscard]] OperationDigests compare_unfencing_digests(WorkingSet& set, Resource& device, std::string_view agent,
                                                         Node& node);

/// Makes the comparisons that had to wait until resources are assigned; before any action of a resource is made.
void check_deferred_digests(WorkingSet& set);

/// A connection whose address is that of the node its container runs on (`addr=#uname`).
[[nodiscard]] bool needs_host_address(WorkingSet& set, const Resource& connection);
/// The name of that node: where the container will run, else where it runs; empty when none is known or needed.
[[nodiscard]] std::string_view host_address(WorkingSet& set, const Resource& connection);

}  // namespace relevo::policy
