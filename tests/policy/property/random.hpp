// Chance for tests: the same seed gives the same draws on every machine. Not for anything that must be hard to guess.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace relevo::policy::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// 0 to count-1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  std::string one_of(std::initializer_list<const char*> words) { return words.begin()[below(words.size())]; }
  template <typename T>
  const T& one_of(const std::vector<T>& things) {
    return things[below(things.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& things) {
    for (std::size_t i = things.size(); i > 1; --i) std::swap(things[i - 1], things[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

/// How many clusters a property is tried on: `usual`, or as many times more as RELEVO_PROPERTY_TIMES says.
inline std::uint64_t rounds(std::uint64_t usual) {
  const char* times = std::getenv("RELEVO_PROPERTY_TIMES");
  const auto factor = times == nullptr ? 1 : std::strtoull(times, nullptr, 10);
  return usual * (factor == 0 ? 1 : factor);
}

}  // namespace relevo::policy::test
