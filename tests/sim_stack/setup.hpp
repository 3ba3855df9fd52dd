// How a simulated cluster is set up: its node list, options, addresses and key files, as an operator would write them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "membership/stack/stack.hpp"

namespace relevo::sim {

/// What stands in one host's cluster.conf.
struct Setup {
  std::set<std::uint32_t> nodes;
  std::uint8_t links = 1;
  bool ipv6 = false;
  std::string totem;   ///< further lines of the totem section
  std::string quorum;  ///< lines of the quorum section after its provider, e.g. "two_node: 1\n"
  std::map<std::uint32_t, std::uint32_t> votes;  ///< of nodes that have not one vote
  std::uint64_t version = 1;
};

[[nodiscard]] Address address_of(const Setup& setup, std::uint32_t node, std::uint8_t link);
/// The text of the file.
[[nodiscard]] std::string config_text(const Setup& setup);
/// It must be readable: the simulator writes no wrong files.
[[nodiscard]] config::ClusterConfig config_of(const Setup& setup);
/// A key file: the same `variant` is the same secret.
[[nodiscard]] Bytes key_bytes(std::uint8_t variant);

}  // namespace relevo::sim
