// The replay window against a naive twin that remembers everything.
#include <catch2/catch.hpp>

#include <set>

#include "common/base/rng.hpp"
#include "membership/seal/window.hpp"

using namespace relevo;

TEST_CASE("window: a number comes once, and what is older than the window counts as seen", "[seal]") {
  seal::ReplayWindow w;
  CHECK(w.is_fresh(1));
  w.mark(1);
  CHECK_FALSE(w.is_fresh(1));
  w.mark(2000);
  CHECK_FALSE(w.is_fresh(2000 - 1024));
  CHECK(w.is_fresh(2000 - 1023));
}

TEST_CASE("window: nothing up to the base is fresh, everything after it is", "[seal]") {
  seal::ReplayWindow w(500);
  CHECK_FALSE(w.is_fresh(499));
  CHECK_FALSE(w.is_fresh(500));
  CHECK(w.is_fresh(501));
  w.mark(503);
  CHECK(w.is_fresh(501));
  CHECK(w.is_fresh(502));
  CHECK_FALSE(w.is_fresh(500));
}

TEST_CASE("window: agrees with a twin that remembers every number", "[seal]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed);
    const auto base = rng.below(5000);
    seal::ReplayWindow w(base);
    std::set<std::uint64_t> seen;
    std::uint64_t newest = base;
    for (int i = 0; i < 5000; ++i) {
      const auto low = newest > 1500 ? newest - 1500 : 0;
      const auto n = rng.chance(1, 200) ? newest + rng.below(3000) : low + rng.below(1520);
      const bool twin = n > base && n + 1024 > newest && seen.count(n) == 0;
      REQUIRE(w.is_fresh(n) == twin);
      if (twin) {
        w.mark(n);
        seen.insert(n);
        newest = std::max(newest, n);
      }
    }
  }
}
