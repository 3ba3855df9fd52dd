// What a cluster costs as it grows, in virtual time: figures for the benchmark, not a test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace relevo::sim {

/// The table for clusters of these sizes; each line is `nodes  first ring ms  ring after a crash ms  rotation us
/// messages/s`. The network: each packet takes 100 to 300 us, nothing is lost; computing takes no time.
[[nodiscard]] std::string growth_table(const std::vector<std::uint32_t>& sizes);

}  // namespace relevo::sim
