// Connectivity that is broken and stays so: any directed graph between up to six nodes. Rings must come to rest, never
// two of them quorate, and a set that hears itself completely and has the votes is not kept waiting.
#include <algorithm>
#include <bit>

#include "tests/sim_stack/story.hpp"

namespace relevo::sim {

namespace {
constexpr Duration watched = 8s;
/// While nothing changes, each node may install so many rings more: excluded nodes knock at growing intervals.
constexpr unsigned rings_in_calm = 4;

using Nodes = std::set<std::uint32_t>;

/// The largest set of nodes of which each hears each.
std::size_t largest_clique(const Net& net, std::uint32_t nodes) {
  std::size_t best = 0;
  for (std::uint32_t set = 1; set < (1U << nodes); ++set) {
    bool whole = true;
    for (std::uint32_t a = 0; a < nodes && whole; ++a)
      for (std::uint32_t b = a + 1; b < nodes && whole; ++b)
        whole = (set >> a & 1U) == 0 || (set >> b & 1U) == 0 || net.are_connected(a + 1, b + 1);
    if (whole) best = std::max(best, static_cast<std::size_t>(std::popcount(set)));
  }
  return best;
}

}  // namespace

Outcome run_standstill(std::uint64_t seed, Coverage& coverage, const RunOptions& options) {
  Rng rng(seed * 6007 + 11);
  WorldOptions o;
  o.seed = seed;
  o.nodes = static_cast<std::uint32_t>(rng.between(3, 6));
  World world(o);
  world.trace = options.trace;
  Checker checker(world, coverage, options.plant);
  world.observe(&checker);
  checker.views.least_expected = o.nodes;
  for (std::uint32_t n = 1; n <= o.nodes; ++n) world.start(n);
  world.run(1s);
  const auto cuts = 1 + rng.below(o.nodes * (o.nodes - 1) / 2);
  for (std::uint64_t i = 0; i < cuts; ++i) {
    const auto a = static_cast<std::uint32_t>(1 + rng.below(o.nodes)), b = static_cast<std::uint32_t>(1 + rng.below(o.nodes));
    if (a != b) world.cut(a, b);
    if (a != b && rng.chance(1, 2)) world.cut(b, a);
  }
  coverage.hit("standstill: broken connectivity that stays");
  world.run(3s);
  checker.views.expect_calm(rings_in_calm);
  for (Duration t{}; t < watched && !checker.broken(); t += 250ms) {
    world.run(250ms);
    checker.views.look(world.now());
  }
  const auto clique = largest_clique(world.net(), o.nodes);
  std::size_t quorate = 0;
  for (std::uint32_t n = 1; n <= o.nodes; ++n) quorate += world.status(n).quorum.quorate ? 1U : 0U;
  Outcome outcome{.code = 0, .text = fmt::format("{} nodes, clique of {}, {} quorate", o.nodes, clique, quorate), .digest = world.digest(), .faults = {}};
  if (checker.broken()) {
    outcome.code = 5;
    outcome.text = *checker.broken();
  } else if (clique > o.nodes / 2 && quorate == 0) {
    outcome.code = 4;
    outcome.text = fmt::format("L3: nobody is quorate, but {} of {} nodes hear each other", clique, o.nodes);
  }
  if (clique > o.nodes / 2) coverage.hit("standstill: a majority hears itself");
  else coverage.hit("standstill: no majority hears itself");
  return outcome;
}

}  // namespace relevo::sim
