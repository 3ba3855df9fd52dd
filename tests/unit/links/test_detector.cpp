// The failure detector of one direction: floor, learning, hints and excuses.
#include <catch2/catch.hpp>

#include "membership/links/detector.hpp"

using namespace relevo;

namespace {
constexpr Instant t0{10s};
links::Detector steady() {
  links::Detector d(25ms, 150ms);
  d.start(t0);
  for (int i = 1; i <= 100; ++i) d.sign(t0 + i * 25ms, true);
  return d;
}
constexpr Instant t_end = t0 + 2500ms;
}  // namespace

TEST_CASE("detector: with steady signs silence is a verdict after the floor", "[links]") {
  const auto d = steady();
  CHECK(d.timeout() == 150ms);
  CHECK(d.deadline() == t_end + 150ms);
}

TEST_CASE("detector: jittery signs make it more patient, steady ones impatient again, within bounds", "[links]") {
  links::Detector d(25ms, 150ms);
  d.start(t0);
  Instant t = t0;
  for (int i = 0; i < 200; ++i) d.sign(t += (i % 2 == 0 ? 5ms : 95ms), true);
  CHECK(d.timeout() > 300ms);
  CHECK(d.timeout() < 800ms);
  for (int i = 0; i < 200; ++i) d.sign(t += 25ms, true);
  CHECK(d.timeout() == 150ms);
  for (int i = 0; i < 200; ++i) d.sign(t += 60s, true);
  CHECK(d.timeout() == 1500ms);
}

TEST_CASE("detector: data proves life but does not teach the pace", "[links]") {
  auto d = steady();
  for (int i = 1; i <= 1000; ++i) d.sign(t_end + i * 1ms, false);
  CHECK(d.deadline() == t_end + 1000ms + 150ms);
  CHECK(d.timeout() == 150ms);
}

TEST_CASE("detector: a hint halves what is left, but not in the first two intervals and not more than three times", "[links]") {
  auto d = steady();
  d.hint(t_end + 50ms);
  CHECK(d.deadline() == t_end + 150ms);
  d.hint(t_end + 70ms);
  CHECK(d.deadline() == t_end + 110ms);
  d.hint(t_end + 70ms);
  d.hint(t_end + 70ms);
  CHECK(d.deadline() == t_end + 80ms);
  d.hint(t_end + 70ms);
  CHECK(d.deadline() == t_end + 80ms);
  d.sign(t_end + 71ms, true);
  CHECK(d.deadline() == t_end + 71ms + 150ms);
}

TEST_CASE("detector: an excuse moves the deadline by the time this process was away", "[links]") {
  auto d = steady();
  d.excuse(2s, t_end + 2s);
  CHECK(d.deadline() == t_end + 2150ms);
  d.sign(t_end + 2025ms, true);
  CHECK(d.timeout() == 150ms);
}
