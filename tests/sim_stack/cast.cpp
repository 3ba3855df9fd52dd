// Drawing a cluster. Most are small, because small ones are quick and find most; a few are large.
#include "tests/sim_stack/cast.hpp"

namespace relevo::sim {

namespace {

std::uint32_t draw_size(Rng& rng, Coverage& coverage) {
  const auto dice = rng.below(1000);
  const auto size = static_cast<std::uint32_t>(dice < 20 ? 1 : dice < 930 ? rng.between(2, 5) : dice < 988 ? rng.between(6, 9)
                                               : dice < 998 ? rng.between(10, 16) : rng.chance(1, 6) ? rng.between(33, 64) : rng.between(17, 32));
  coverage.hit(size == 1 ? "cast: 1 node" : size <= 5 ? "cast: 2 to 5 nodes" : size <= 9 ? "cast: 6 to 9 nodes"
               : size <= 16 ? "cast: 10 to 16 nodes" : "cast: 17 to 64 nodes");
  return size;
}

void draw_links(Rng& rng, WorldOptions& o, Coverage& coverage) {
  if (o.nodes <= 16 && rng.chance(1, 3)) o.links = static_cast<std::uint8_t>(rng.between(2, 3));
  o.ipv6 = rng.chance(1, 5);
  constexpr const char* modes[] = {"passive", "active", "rr"};
  const auto* mode = modes[rng.below(3)];
  if (o.links > 1) o.totem += fmt::format(" link_mode: {}\n", mode);
  const auto profile = rng.below(10);
  if (profile == 0) o.totem += " profile: wan\n";
  if (profile == 1) o.totem += " profile: fast\n";
  coverage.hit(fmt::format("cast: {} link{}", o.links, o.links == 1 ? "" : "s"));
  if (o.links > 1) coverage.hit(fmt::format("cast: link_mode {}", mode));
  coverage.hit(o.ipv6 ? "cast: IPv6" : "cast: IPv4");
  coverage.hit(profile == 0 ? "cast: profile wan" : profile == 1 ? "cast: profile fast" : "cast: profile default");
}

void draw_weather(Rng& rng, Network& n) {
  n.loss_permille = rng.chance(1, 2) ? 0 : rng.below(40);
  n.duplicate_permille = rng.below(20);
  n.corrupt_permille = rng.below(10);
  n.straggle_permille = rng.chance(1, 2) ? 0 : rng.below(10);
  if (rng.chance(1, 3)) n.delay_max = Duration{rng.between(1'000'000, 5'000'000)};
}

void draw_quorum(Rng& rng, Cast& cast, Plant plant, Coverage& coverage) {
  auto& o = cast.world;
  cast.total_votes = o.nodes;
  cast.two_node = plant == Plant::none && o.nodes == 2 && rng.chance(1, 2);
  cast.wait_for_all = plant == Plant::none && !cast.two_node && rng.chance(1, 4);
  if (cast.two_node) o.quorum = " two_node: 1\n";
  if (cast.wait_for_all) o.quorum = " wait_for_all: 1\n";
  if (!cast.two_node && rng.chance(1, 6)) {
    for (std::uint32_t n = 1; n <= o.nodes; ++n) o.votes[n] = static_cast<std::uint32_t>(rng.between(1, 3));
    cast.total_votes = 0;
    for (const auto& [node, votes] : o.votes) cast.total_votes += votes;
    coverage.hit("cast: nodes with several votes");
  }
  const auto dice = rng.below(20);
  if (!cast.two_node && !cast.wait_for_all && o.votes.empty() && o.nodes > 1 && plant == Plant::none) {
    if (dice < 4) {
      o.arbiter = true;
      const bool lms = rng.chance(1, 3);
      o.quorum = fmt::format(" device {{\n  model: net\n  net {{\n   host: arbiter\n   algorithm: {}\n  }}\n }}\n", lms ? "lms" : "ffsplit");
      coverage.hit(lms ? "cast: arbiter, lms" : "cast: arbiter, ffsplit");
    } else if (dice < 6) {
      o.quorum = " last_man_standing: 1\n last_man_standing_window: 300\n wait_for_all: 1\n";
      cast.least_expected = 1;
      coverage.hit("cast: last_man_standing");
    } else if (dice < 8) {
      o.quorum = " auto_tie_breaker: 1\n";
      if (o.nodes % 2 == 1) o.quorum += " wait_for_all: 1\n";
      coverage.hit("cast: auto_tie_breaker");
    } else if (dice < 9) {
      o.quorum = " allow_downscale: 1\n expected_votes: 1\n";
      cast.least_expected = 1;
      coverage.hit("cast: allow_downscale");
    }
  }
  if (cast.two_node) coverage.hit("cast: two_node");
  if (cast.wait_for_all) coverage.hit("cast: wait_for_all");
}

}  // namespace

Cast draw_cast(Rng& rng, std::uint64_t seed, Plant plant, Coverage& coverage) {
  Cast cast;
  auto& o = cast.world;
  o.seed = seed;
  o.nodes = draw_size(rng, coverage);
  if (plant != Plant::none) o.nodes = static_cast<std::uint32_t>(rng.between(3, 5));
  o.forget_disk = plant == Plant::forget_disk;
  draw_links(rng, o, coverage);
  draw_weather(rng, o.network);
  draw_quorum(rng, cast, plant, coverage);
  if (rng.chance(1, 3)) {
    o.clock_ppm = rng.chance(1, 3) ? 20'000 : 500;  // what quartz does, and what virtual machines do
    coverage.hit("cast: clocks of different rates");
  }
  if (rng.chance(1, 20)) {
    // Ring numbers have 64 bits; these are where fewer would wrap.
    constexpr std::uint64_t edges[] = {(1ULL << 32) - 9, (1ULL << 31) - 5, (1ULL << 48) - 3, (1ULL << 52) - 17};
    o.first_ring_seq = edges[rng.below(4)];
    coverage.hit("cast: ring numbers near a limit");
  }
  if (o.nodes >= 4 && o.votes.empty() && !cast.wait_for_all && !o.arbiter && o.quorum.empty() && plant == Plant::none && rng.chance(1, 20)) {
    cast.stranger = static_cast<std::uint32_t>(1 + rng.below(o.nodes));
    o.key_of[cast.stranger] = 77;
    coverage.hit("cast: a node with another key");
  }
  cast.length = o.nodes > 16 ? 600ms : o.nodes > 9 ? 1500ms : Duration{rng.between(1'500'000'000, 4'000'000'000)};
  cast.chat_gap = Duration{rng.between(2'000'000, 30'000'000)};
  return cast;
}

}  // namespace relevo::sim
