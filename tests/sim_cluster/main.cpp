// The simulation of clusters as a program: a range of seeds, or one seed with its trace.
// usage: relevo_sim_cluster FIRST LAST | relevo_sim_cluster --trace SEED | relevo_sim_cluster --planted FIRST LAST
#include <fmt/core.h>

#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "tests/sim_cluster/world.hpp"

namespace {

using relevo::sim::Plan;
using relevo::sim::World;

Plan plan_of(std::uint64_t seed) {
  Plan plan;
  plan.seed = seed;
  plan.nodes = 3 + seed % 3;
  return plan;
}

int run_range(std::uint64_t first, std::uint64_t last) {
  std::size_t acknowledged = 0;
  std::size_t starts = 0;
  for (auto seed = first; seed <= last; ++seed) {
    World world(plan_of(seed));
    if (const auto broken = world.run()) {
      fmt::print("seed {}: {}\nreplay with: relevo_sim_cluster --trace {}\n", seed, *broken, seed);
      return 3;
    }
    acknowledged += world.acknowledged();
    starts += world.starts_seen();
  }
  fmt::print("seeds {} to {}: no violation, {} changes acknowledged\n", first, last, acknowledged);
  // A simulation in which nothing happens proves nothing.
  return acknowledged > (last - first + 1) * 10 && starts > 0 ? 0 : 4;
}

int run_planted(std::uint64_t first, std::uint64_t last) {
  for (auto seed = first; seed <= last; ++seed) {
    auto plan = plan_of(seed);
    plan.plant_bug = true;
    World world(plan);
    if (const auto broken = world.run()) {
      fmt::print("seed {}: the planted bug shows: {}\n", seed, *broken);
      return 0;
    }
  }
  fmt::print("the planted bug was not found in seeds {} to {}\n", first, last);
  return 4;
}

int run_traced(std::uint64_t seed) {
  auto plan = plan_of(seed);
  plan.trace = true;
  World world(plan);
  const auto broken = world.run();
  if (broken) fmt::print("seed {}: {}\n", seed, *broken);
  return broken ? 3 : 0;
}

int run_twice(std::uint64_t seed) {
  World first(plan_of(seed));
  World second(plan_of(seed));
  (void)first.run();
  (void)second.run();
  if (first.trace_digest() == second.trace_digest()) return 0;
  fmt::print("seed {} gives two different traces\n", seed);
  return 4;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return i < args.size() ? relevo::parse_uint(args[i]).value_or(1) : 1; };
  if (args.size() == 2 && args[0] == "--trace") return run_traced(number(1));
  if (args.size() == 2 && args[0] == "--twice") return run_twice(number(1));
  if (args.size() == 3 && args[0] == "--planted") return run_planted(number(1), number(2));
  if (args.size() == 2) return run_range(number(0), number(1));
  fmt::print("usage: relevo_sim_cluster FIRST LAST | --trace SEED | --twice SEED | --planted FIRST LAST\n");
  return 2;
}
