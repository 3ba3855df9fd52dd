// relevo-sim-stack: seeded stories over whole stacks. Prints each failing seed; exit 0 fine, 4 no progress, 5 broken
// promise, 6 a planted bug that was not found, 64 usage.
#include <fmt/core.h>

#include <cstdio>
#include <cstring>

#include "common/base/text.hpp"
#include "tests/sim_stack/checker.hpp"

namespace relevo::sim {
namespace {

struct Outcome {
  int code = 0;
  std::string text;
};

/// One story: clients talk while the network and the hosts misbehave; then everything heals.
class Story {
 public:
  Story(std::uint64_t seed, Plant plant)
      : rng_(seed * 7919), plant_(plant), world_(make_options(seed)), checker_(world_, two_node_, plant) {
    world_.observe(&checker_);
  }

  Outcome run() {
    for (std::uint32_t n = 1; n <= world_.nodes(); ++n)
      if (!rng_.chance(1, 6)) boot(n);
    const auto faults_end = world_.now() + 6s;
    while (world_.now() < faults_end && !checker_.broken()) {
      fault();
      const auto until = world_.now() + Duration{rng_.between(50'000'000, 700'000'000)};
      while (world_.now() < until) {
        chatter();
        world_.run(Duration{rng_.between(1'000'000, 30'000'000)});
      }
    }
    settle();
    const bool one = world_.run_until([&] { return world_.is_one_ring(everyone()); }, 20s);
    if (!one && !checker_.broken()) return {4, "no ring of all within 20 s after everything healed"};
    world_.run(2s);
    for (const auto n : everyone())
      if (!world_.status(n).quorum.quorate) return {4, fmt::format("node {} is not quorate at the end", n)};
    if (const auto broken = checker_.verdict()) return {5, *broken};
    return {0, fmt::format("{} packets, {} messages, {} views", world_.packets(), checker_.messages(), checker_.views())};
  }

 private:
  WorldOptions make_options(std::uint64_t seed) {
    WorldOptions o;
    o.seed = seed;
    o.nodes = static_cast<std::uint32_t>(rng_.between(2, 5));
    two_node_ = o.nodes == 2 && rng_.chance(1, 2);
    if (two_node_) o.quorum = " two_node: 1\n";
    if (!two_node_ && rng_.chance(1, 4)) o.quorum = " wait_for_all: 1\n";
    o.network.loss_permille = rng_.chance(1, 2) ? 0 : rng_.below(40);
    o.network.duplicate_permille = rng_.below(20);
    o.network.corrupt_permille = rng_.below(10);
    if (rng_.chance(1, 3)) o.network.delay_max = Duration{rng_.between(1'000'000, 5'000'000)};
    // A node that thinks it is a cluster of one: quorate when cut off, disjoint from the others.
    if (plant_ == Plant::greedy) {
      o.nodes = std::max(o.nodes, 3U);
      o.quorum = "";
      two_node_ = false;
      for (std::uint32_t n = 1; n <= o.nodes; ++n) o.quorum_of[n] = " expected_votes: 1\n";
    }
    return o;
  }

  std::set<std::uint32_t> everyone() const {
    std::set<std::uint32_t> all;
    for (std::uint32_t n = 1; n <= world_.nodes(); ++n) all.insert(n);
    return all;
  }

  void boot(std::uint32_t n) {
    world_.start(n);
    talkers_[n].clear();
    talker(n, "alpha");
    if (rng_.chance(1, 2)) talker(n, "beta");
  }

  void talker(std::uint32_t n, const std::string& group) {
    const auto client = world_.connect(n);
    world_.input(n, stack::ClientJoin{client, group});
    talkers_[n].push_back({client, group});
  }

  void fault() {
    const auto n = static_cast<std::uint32_t>(1 + rng_.below(world_.nodes()));
    switch (rng_.below(9)) {
      case 0: if (world_.is_running(n)) world_.crash(n); break;
      case 1: case 2: if (!world_.is_running(n)) boot(n); break;
      case 3: split(); break;
      case 4: world_.heal(); break;
      case 5: world_.pause(n, !world_.is_paused(n)); break;
      case 6: if (world_.is_running(n) && !world_.is_paused(n)) world_.leave(n); break;
      case 7: world_.cut(n, static_cast<std::uint32_t>(1 + rng_.below(world_.nodes()))); break;
      default: for (const auto m : everyone()) world_.pause(m, false); break;
    }
  }

  void split() {
    std::vector<std::set<std::uint32_t>> sides(2);
    for (const auto n : everyone()) sides[rng_.below(2)].insert(n);
    world_.partition(sides);
  }

  void settle() {
    world_.heal();
    Network calm;
    world_.network(calm);
    for (const auto n : everyone()) {
      world_.pause(n, false);
      if (!world_.is_running(n)) boot(n);
    }
  }

  void chatter() {
    const auto n = static_cast<std::uint32_t>(1 + rng_.below(world_.nodes()));
    if (!world_.is_running(n) || world_.is_paused(n) || talkers_[n].empty()) return;
    auto& list = talkers_[n];
    const auto pick = rng_.below(list.size());
    if (list[pick].group == "beta" && rng_.chance(1, 8)) {
      // A client never joins a group twice, so each membership of a group comes once a ring.
      if (rng_.chance(1, 2)) {
        world_.input(n, stack::ClientLeave{list[pick].client, "beta"});
      } else {
        checker_.gone(n, world_.boot(n), list[pick].client);
        world_.input(n, stack::ClientGone{list[pick].client});
      }
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(pick));
      talker(n, "beta");
      return;
    }
    const auto size = rng_.chance(1, 20) ? rng_.below(20000) : rng_.below(50);
    const auto text = fmt::format("{}.{}.{}", world_.boot(n), ++said_, std::string(size, 'x'));
    const auto guarantee = rng_.chance(1, 3) ? groups::Guarantee::safe : groups::Guarantee::agreed;
    if (list[pick].group == "alpha") checker_.accepted(n, world_.boot(n), list[pick].client, text);
    world_.input(n, stack::ClientMulticast{list[pick].client, list[pick].group, guarantee, to_bytes(text), 0});
  }

  struct Talker {
    stack::ClientId client = 0;
    std::string group;
  };
  Rng rng_;
  Plant plant_;
  bool two_node_ = false;
  World world_;
  Checker checker_;
  std::map<std::uint32_t, std::vector<Talker>> talkers_;
  std::uint64_t said_ = 0;
};

/// A calm cluster loses one node: how long until all survivors have the configuration without it.
Outcome crash_story(std::uint64_t seed, Duration& worst) {
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
  if (!world.run_until([&] { return world.is_one_ring(members); }, 5s)) return {4, "no ring at the start"};
  world.run(1s + Duration{rng.between(0, 1'000'000'000)});
  const auto victim = static_cast<std::uint32_t>(1 + rng.below(o.nodes));
  const auto crash = world.now();
  world.crash(victim);
  members.erase(victim);
  if (!world.run_until([&] { return world.is_one_ring(members); }, 5s)) return {4, "no ring of the survivors"};
  const auto took = world.now() - crash;
  worst = std::max(worst, took);
  if (took > 400ms) return {5, fmt::format("the survivors needed {} ms", to_ms(took))};
  return {0, fmt::format("{} ms", to_ms(took))};
}

std::optional<Plant> plant_of(std::string_view name) {
  if (name == "lost") return Plant::lost;
  if (name == "swapped") return Plant::swapped;
  if (name == "greedy") return Plant::greedy;
  if (name == "stale") return Plant::stale;
  return std::nullopt;
}

struct Range {
  std::uint64_t first = 1, last = 0;
};
std::optional<Range> range_of(std::string_view text) {
  const auto dots = text.find("..");
  const auto first = parse_uint(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_uint(text.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  return Range{*first, *last};
}

int run_all(const Range& range, bool crash, bool verbose, Plant plant) {
  int code = 0;
  Duration worst{};
  for (auto seed = range.first; seed <= range.last; ++seed) {
    const auto outcome = crash ? crash_story(seed, worst) : Story(seed, plant).run();
    if (plant != Plant::none && outcome.code == 5) {
      fmt::print("seed {} found the planted bug: {}\n", seed, outcome.text);
      return 0;
    }
    if (outcome.code != 0 || verbose) fmt::print("seed {}: {}\n", seed, outcome.text);
    std::fflush(stdout);
    if (outcome.code != 0) code = outcome.code;
  }
  if (plant != Plant::none) return 6;
  if (crash) fmt::print("slowest: {} ms\n", to_ms(worst));
  return code;
}

}  // namespace
}  // namespace relevo::sim

int main(int argc, char** argv) {
  using namespace relevo::sim;
  std::optional<Range> range;
  std::optional<Plant> plant = Plant::none;
  bool crash = false, verbose = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--verbose") {
      verbose = true;
    } else if ((word == "--seeds" || word == "--crash-seeds") && i + 1 < argc) {
      crash = word == "--crash-seeds";
      range = range_of(argv[++i]);
    } else if (word == "--plant" && i + 1 < argc) {
      plant = plant_of(argv[++i]);
    }
  }
  if (!range || !plant) {
    fmt::print(stderr, "usage: relevo-sim-stack --seeds A..B [--plant lost|swapped|greedy|stale] [--verbose]\n"
                       "       relevo-sim-stack --crash-seeds A..B [--verbose]\n");
    return 64;
  }
  return run_all(*range, crash, verbose, *plant);
}
