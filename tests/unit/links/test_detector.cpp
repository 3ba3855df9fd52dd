// The failure detector of one direction: floor, learning, hints and excuses.
#include <catch2/catch.hpp>

#include "membership/links/detector.hpp"

using namespace relevo;

namespace {
constexpr Instant t0{10s};
links::Detector steady() {
  links::Detector d({50ms, 200ms, 400ms});
  d.start(t0);
  for (int i = 1; i <= 100; ++i) d.sign(t0 + i * 50ms, true);
  return d;
}
constexpr Instant t_end = t0 + 5000ms;
}  // namespace

TEST_CASE("detector: with steady signs silence is a verdict after the floor", "[links]") {
  const auto d = steady();
  CHECK(d.timeout() == 200ms);
  CHECK(d.deadline() == t_end + 200ms);
}

TEST_CASE("detector: jittery signs make it more patient, steady ones impatient again, within bounds", "[links]") {
  links::Detector d({50ms, 200ms, 400ms});
  d.start(t0);
  Instant t = t0;
  for (int i = 0; i < 200; ++i) d.sign(t += (i % 2 == 0 ? 10ms : 90ms), true);
  CHECK(d.timeout() > 300ms);
  CHECK(d.timeout() <= 400ms);
  for (int i = 0; i < 200; ++i) d.sign(t += 50ms, true);
  CHECK(d.timeout() <= 201ms);
  for (int i = 0; i < 200; ++i) d.sign(t += 60s, true);
  CHECK(d.timeout() == 400ms);
}

TEST_CASE("detector: data proves life but does not teach the pace", "[links]") {
  auto d = steady();
  for (int i = 1; i <= 1000; ++i) d.sign(t_end + i * 1ms, false);
  CHECK(d.deadline() == t_end + 1000ms + 200ms);
  CHECK(d.timeout() == 200ms);
}

TEST_CASE("detector: a hint halves what is left, but not in the first two intervals and not more than three times", "[links]") {
  auto d = steady();
  d.hint(t_end + 100ms);
  CHECK(d.deadline() == t_end + 200ms);
  d.hint(t_end + 120ms);
  CHECK(d.deadline() == t_end + 160ms);
  d.hint(t_end + 120ms);
  d.hint(t_end + 120ms);
  CHECK(d.deadline() == t_end + 130ms);
  d.hint(t_end + 120ms);
  CHECK(d.deadline() == t_end + 130ms);
  d.sign(t_end + 121ms, true);
  CHECK(d.deadline() >= t_end + 121ms + 200ms);
  CHECK(d.deadline() <= t_end + 121ms + 250ms);
}

TEST_CASE("detector: an excuse moves the deadline by the time this process was away", "[links]") {
  auto d = steady();
  d.excuse(2s, t_end + 2s);
  CHECK(d.deadline() == t_end + 2200ms);
  d.sign(t_end + 2050ms, true);
  CHECK(d.timeout() == 200ms);
}

TEST_CASE("detector: a shorter time-out comes step by step with the signs, a longer one at once", "[links]") {
  auto d = steady();
  d.set_pace({5ms, 20ms, 40ms});
  CHECK(d.timeout() == 200ms);
  Instant t = t_end;
  for (int i = 0; i < 10; ++i) d.sign(t += 50ms, true);  // the peer has not heard of it yet
  CHECK(d.timeout() > 60ms);
  for (int i = 0; i < 400; ++i) d.sign(t += 5ms, true);
  CHECK(d.timeout() <= 20100us);
  d.set_pace({300ms, 3s, 6s});
  CHECK(d.deadline() == t + 3s);
}
