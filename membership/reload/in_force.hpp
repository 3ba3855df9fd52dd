// What names a configuration: its version and the digest of what counts in it. And what one change to another means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/config/cluster_config.hpp"

namespace relevo::reload {

/// Two files with the same InForce mean the same to the cluster, whatever their comments and the order of their lines.
struct InForce {
  std::uint64_t version = 0;  ///< config_version
  std::uint64_t digest = 0;   ///< of every option that has an effect beyond its own host
  bool operator==(const InForce&) const = default;
};
[[nodiscard]] InForce in_force_of(const config::ClusterConfig& config);
/// `version 4 (5d0c...)`, for people.
[[nodiscard]] std::string to_string(const InForce& in_force);

/// Longest file that travels: it must fit into one message.
constexpr std::size_t max_text = 768U << 10;

/// The same file with another config_version: in its own line where it has one, else as the first line of totem.
[[nodiscard]] std::string with_version(std::string_view text, std::uint64_t version);

/// What a change asks of a running node.
struct Difference {
  std::vector<std::string> changed;  ///< `totem.token: 3000 -> 1000`, sorted by key; nodes as `node 4 (d) is new`
  std::vector<std::string> restart;  ///< keys that count from the next start only
  bool removes_self = false;         ///< this node is in the node list no more
};
/// Errors: what cannot change while the cluster runs, with the key and both values.
Result<Difference> compare(const config::ClusterConfig& now, const config::ClusterConfig& next, NodeId self);

}  // namespace relevo::reload
