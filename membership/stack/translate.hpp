// From the configuration to the options of the parts: at the start and at every change while running.
#pragma once

#include "membership/links/types.hpp"
#include "membership/quorum/quorum.hpp"
#include "membership/stack/stack.hpp"
#include "membership/totem/options.hpp"

namespace relevo::stack {

/// Whether a stack can run with these. Errors: a node without an address for each link, options that the quorum
/// cannot keep.
[[nodiscard]] ::relevo::Status check(const Options& options);

[[nodiscard]] links::Options link_options(const Options& options);
[[nodiscard]] totem::Options ring_options(const config::TotemConfig& totem);
[[nodiscard]] quorum::Options quorum_options(const config::ClusterConfig& config);
/// Tells arbiters apart: by where they are.
[[nodiscard]] std::uint64_t device_id(const config::DeviceConfig& device);

}  // namespace relevo::stack
