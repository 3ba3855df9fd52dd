// One node of a calm cluster dies; and a failing run is made shorter.
#include <algorithm>

#include "tests/sim_stack/story.hpp"

namespace relevo::sim {

Outcome run_crash(std::uint64_t seed, Duration& worst) {
  Rng rng(seed);
  WorldOptions o;
  o.seed = seed;
  o.nodes = static_cast<std::uint32_t>(rng.between(3, 5));
  World world(o);
  std::set<std::uint32_t> members;
  for (std::uint32_t n = 1; n <= o.nodes; ++n) {
    world.start(n);
    members.insert(n);
  }
  if (!world.run_until([&] { return world.is_one_ring(members); }, 5s)) return {4, "no ring at the start", 0, {}};
  world.run(1s + Duration{rng.between(0, 1'000'000'000)});
  const auto victim = static_cast<std::uint32_t>(1 + rng.below(o.nodes));
  const auto crash = world.now();
  world.crash(victim);
  members.erase(victim);
  if (!world.run_until([&] { return world.is_one_ring(members); }, 5s)) return {4, "no ring of the survivors", 0, {}};
  const auto took = world.now() - crash;
  worst = std::max(worst, took);
  if (took > 400ms) return {5, fmt::format("the survivors needed {} ms", to_ms(took)), 0, {}};
  return {0, fmt::format("{} ms", to_ms(took)), world.digest(), {}};
}

Outcome shrink(std::uint64_t seed, const Outcome& failed, const RunOptions& options) {
  auto best = failed;
  RunOptions again = options;
  again.trace = nullptr;
  // First large pieces, then single faults: what is left is needed.
  for (std::size_t piece = std::max<std::size_t>(1, best.faults.size() / 2); piece > 0; piece /= 2) {
    for (std::size_t at = 0; at < best.faults.size();) {
      auto fewer = best.faults;
      const auto end = std::min(fewer.size(), at + piece);
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at), fewer.begin() + static_cast<std::ptrdiff_t>(end));
      again.faults = fewer;
      Coverage unused;
      auto outcome = run_story(seed, unused, again);
      if (outcome.code == best.code) best = std::move(outcome);
      else at += piece;
    }
  }
  return best;
}

}  // namespace relevo::sim
