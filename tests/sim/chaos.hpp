// One seeded run: a cluster, faults and traffic for a while, then peace, in which everything must come right.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/sim/plants.hpp"

namespace relevo::sim {

enum class Verdict { good, no_progress, broken };

struct RunResult {
  Verdict verdict = Verdict::good;
  std::string what;  ///< what is wrong, or a summary
  std::uint64_t steps = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t configurations = 0;
};

/// The same seed and plant give the same run, with or without a trace.
[[nodiscard]] RunResult run_seed(std::uint64_t seed, Plant plant, const std::function<void(const std::string&)>& trace);

}  // namespace relevo::sim
