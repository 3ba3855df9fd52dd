// When a missing frame is asked for, and asked for again.
#include <catch2/catch.hpp>

#include "membership/totem/gaps.hpp"

using namespace relevo;
using namespace relevo::totem;

TEST_CASE("gaps: what was announced ripens after as many visits as were asked for", "[totem]") {
  Gaps gaps;
  Instant now{};
  for (std::uint64_t visit = 1; visit <= 4; ++visit) {
    gaps.visit(MessageSeq(10 * visit), now, 3, 1s);
    CHECK(gaps.ripe() == MessageSeq(visit < 3 ? 0 : 10 * (visit - 2)));
  }
}

TEST_CASE("gaps: visits far apart ripen sooner", "[totem]") {
  Gaps gaps;
  Instant now{};
  gaps.visit(MessageSeq(10), now, 5, 20ms);
  CHECK(gaps.ripe() == MessageSeq(0));
  now += 20ms;
  gaps.visit(MessageSeq(15), now, 5, 20ms);
  CHECK(gaps.ripe() == MessageSeq(10));
}

TEST_CASE("gaps: what was asked for is on its way for a while", "[totem]") {
  Gaps gaps;
  Instant now{};
  gaps.visit(MessageSeq(10), now, 1, 1s);
  CHECK(gaps.ask(MessageSeq(4), now, 1s));
  for (int visit = 0; visit < 2; ++visit) {
    gaps.visit(MessageSeq(10), now, 1, 1s);
    CHECK_FALSE(gaps.ask(MessageSeq(4), now, 1s));
  }
  gaps.visit(MessageSeq(10), now, 1, 1s);
  CHECK(gaps.ask(MessageSeq(4), now, 1s));
  CHECK_FALSE(gaps.ask(MessageSeq(4), now, 1s));
  CHECK(gaps.ask(MessageSeq(4), now + 1s, 1s));
  gaps.forget(MessageSeq(4));
  CHECK(gaps.ask(MessageSeq(4), now + 1s, 1s));
}
