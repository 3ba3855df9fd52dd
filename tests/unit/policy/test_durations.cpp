// Durations and numbers in all spellings. The expected values are what Pacemaker 2.1.5 makes of them.
#include <catch2/catch.hpp>

#include "resmgr/policy/set/values.hpp"
#include "tests/unit/policy/set_builder.hpp"

namespace relevo::policy {
namespace {

std::int64_t ms(std::string_view text) {
  const auto read = interval_of(text);
  return read ? read->count() : -1;
}

std::int64_t timeout_ms(std::string_view text) {
  const auto read = timeout_of(text);
  return read ? read->count() : -1;
}

}  // namespace

TEST_CASE("durations: a number has seconds or the unit that its word begins with", "[policy]") {
  CHECK(ms("10") == 10'000);
  CHECK(ms(" 10 s ") == 10'000);
  CHECK(ms("10ms") == 10);
  CHECK(ms("1500us") == 1);
  CHECK(ms("2min") == 120'000);
  CHECK(ms("10minutes") == 600'000);
  CHECK(ms("10HR") == 36'000'000);
  CHECK(ms("10sx") == 10'000);
  CHECK(ms("1.9s") == 1000);
  for (const auto* text : {"", "x", "-5", "+5", ".5s", "10d", "10x"}) CHECK(ms(text) == -1);
}

TEST_CASE("durations: an interval is never longer than 32 bits hold", "[policy]") {
  CHECK(ms("4294967294ms") == 4'294'967'294);
  CHECK(ms("1000000h") == 4'294'967'295);
  CHECK(ms("99999999999999999999") == 4'294'967'295);
  CHECK(is_interval("1000000h"));
  CHECK_FALSE(is_interval("99999999999999999999"));
  CHECK_FALSE(is_interval("soon"));
}

TEST_CASE("durations: a period is counted from the first day and the first year", "[policy]") {
  CHECK(ms("PT1H30M") == 5'400'000);
  CHECK(ms("P1M") == 2'592'000'000);
  CHECK(ms("P1D") == 0);
  CHECK(ms("P1W") == 518'400'000);
  CHECK(ms("P1DT1S") == 1000);
  CHECK(ms("P1Y") == 0);
  CHECK(ms("P2Y") == 4'294'967'295);
  CHECK(ms("PT") == 0);
  for (const auto* text : {"P", "P1", "PT1.5S", "PT-5S", "pt10s"}) CHECK(ms(text) == -1);
}

TEST_CASE("durations: timeouts know no periods and lose what 31 bits do not hold", "[policy]") {
  CHECK(timeout_ms("10minutes") == 600'000);
  CHECK(timeout_ms("5000000s") == 705'032'704);
  CHECK(timeout_ms("4294967296ms") == 0);
  for (const auto* text : {"PT10S", "2147483648ms", "99999999999999999999", "x"}) CHECK(timeout_ms(text) == -1);
}

TEST_CASE("numbers: what follows the digits is left out, and what no number holds is none", "[policy]") {
  CHECK(leading_int(" +5x") == 5);
  CHECK(leading_int("-5.5") == -5);
  CHECK(leading_int("1e3") == 1);
  CHECK(leading_int("99999999999") == 99'999'999'999);
  for (const auto* text : {"", "x", "--5", "99999999999999999999"}) CHECK_FALSE(leading_int(text));
  test::SetBuilder build;
  const WorkingSet& set = build.set();
  CHECK(score_of(set, "99999999999") == Score::infinity);
  CHECK(score_of(set, "-1000001x") == -Score::infinity);
  CHECK(score_of(set, "99999999999999999999") == 0);
}

}  // namespace relevo::policy
