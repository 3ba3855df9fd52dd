// One seeded run of a cluster of stacks: clients talk while faults strike; then everything heals and must come right.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim_stack/checker.hpp"
#include "tests/sim_stack/faults.hpp"

namespace relevo::sim {

/// Exit codes of the program, too.
struct Outcome {
  int code = 0;  ///< 0 fine, 4 no progress, 5 broken promise
  std::string text;
  std::uint64_t digest = 0;
  std::vector<Fault> faults;  ///< what struck
};

struct RunOptions {
  Plant plant = Plant::none;
  std::function<void(const std::string&)> trace;
  /// Instead of what the seed would draw: a part of it.
  std::optional<std::vector<Fault>> faults;
};

[[nodiscard]] Outcome run_story(std::uint64_t seed, Coverage& coverage, const RunOptions& options);
/// The same connectivity, as broken as it may be, for a long time: few rings, never two quorate ones, and whoever could
/// be quorate is.
[[nodiscard]] Outcome run_standstill(std::uint64_t seed, Coverage& coverage, const RunOptions& options);
/// A calm cluster loses one node: how long until all survivors have the configuration without it.
[[nodiscard]] Outcome run_crash(std::uint64_t seed, Duration& worst);
/// A failing run with as few faults as still make it fail the same way.
[[nodiscard]] Outcome shrink(std::uint64_t seed, const Outcome& failed, const RunOptions& options);

}  // namespace relevo::sim
