// What a node has with its arbiter, as values, as text, as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::cli::quorum {

struct DeviceFacts {
  std::string cluster, host, port, algorithm, tie_breaker;
  std::uint64_t node = 0;
  std::vector<std::uint64_t> nodes, members;  ///< configured; in the ring
  std::uint64_t votes = 0;                    ///< that the arbiter's vote counts
  bool alive = false;                         ///< this node is connected with the arbiter
  bool voting = false;                        ///< the arbiter's vote counts for this node's partition
  bool pending = false;                       ///< the arbiter has not yet answered about this ring
};

/// From the daemon's report `status` and the device's options in force.
/// Errors: not_found (the cluster that runs has no device), invalid (not a report).
Result<DeviceFacts> device_facts(const nlohmann::json& report, const std::string& host, const std::string& port, const std::string& algorithm,
                                 const std::string& tie_breaker);
/// The layout of corosync-qdevice-tool -s, with the vote as its last lines. Source: corosync-qdevice-tool(8).
[[nodiscard]] std::string device_text(const DeviceFacts& facts);
[[nodiscard]] nlohmann::json device_json(const DeviceFacts& facts);

}  // namespace relevo::cli::quorum
