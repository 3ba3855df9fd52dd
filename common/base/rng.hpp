// A seeded generator for the cores: the same seed gives the same run on every machine. Never for keys.
#pragma once

#include <cstdint>

namespace relevo {

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable with any number, good enough for jitter and simulation.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// A number in [0, bound). bound 0 gives 0.
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

  /// A number in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  /// True in `numerator` of `denominator` cases.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) { return below(denominator) < numerator; }

  /// An independent generator that depends only on this one's state and the label.
  Rng fork(std::uint64_t label) { return Rng(next() ^ (label * 0xd6e8feb86659fd93ULL)); }

 private:
  std::uint64_t state_;
};

}  // namespace relevo
