// Dates, calendars and calendar durations, against known days and against a slow twin.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "resmgr/rules/compare.hpp"
#include "resmgr/rules/date.hpp"

using namespace relevo;
using namespace relevo::rules;
using namespace std::chrono_literals;

namespace {
std::int64_t at(std::string_view text, std::chrono::seconds offset = 0s) {
  const auto date = parse_date(text, offset);
  INFO(text);
  REQUIRE(date);
  return date->seconds;
}
}  // namespace

TEST_CASE("rules: a date is read in every form of ISO 8601 that people write", "[rules]") {
  for (const auto* text : {"2026-11-21T12:30:15Z", "20261121T123015Z", "2026-11-21 12:30:15Z", "2026-11-21 13:30:15+01:00",
                           "2026-11-21T07:30:15-0500", "2026-325T12:30:15Z", "2026-W47-6T12:30:15Z", "2026W476T123015Z"})
    CHECK(at(text) == 1795264215);
  CHECK(at("2026-11-21") == 1795219200);
  CHECK(at("2026-11-21", 3600s) == 1795219200 - 3600);
  CHECK(at("2026-11-21Z", 3600s) == 1795219200);
  CHECK(at("2024-02-29T24:00:00Z") == at("2024-03-01T00:00:00Z"));
}

TEST_CASE("rules: what is no date is refused", "[rules]") {
  for (const auto* text : {"", "soon", "2026", "2026-13-01", "2026-02-29", "2026-11-31", "2026-366", "2026-W54-1", "2026-W01-8",
                           "2026-11-21T25:00", "2026-11-21T12:60", "2026-11-21T12:30:15X", "2026-11-21T", "1969-12-31",
                           "2026-11-21T12:30+15:00", "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("rules: a calendar knows ISO weeks at the turn of the year", "[rules]") {
  const auto c = calendar({at("2027-01-02T03:04:05Z")});
  CHECK(std::tuple(c.year, c.month, c.monthday, c.yearday) == std::tuple(2027, 1, 2, 2));
  CHECK(std::tuple(c.weekday, c.week, c.weekyear) == std::tuple(6, 53, 2026));
  CHECK(std::tuple(c.hour, c.minute, c.second) == std::tuple(3, 4, 5));
  CHECK(calendar({at("2024-12-30")}).weekyear == 2025);
  CHECK(calendar({at("2026-11-21T23:30:00Z")}, 3600s).monthday == 22);
}

TEST_CASE("rules: every day from 1970 to 2100 follows the one before it in the calendar", "[rules]") {
  auto before = calendar({0});
  for (std::int64_t day = 1; day < 47'482; ++day) {
    const auto c = calendar({day * 86400});
    const bool next_day = c.year == before.year && c.month == before.month && c.monthday == before.monthday + 1;
    const bool next_month = c.monthday == 1 && (c.month == before.month + 1 || (c.month == 1 && c.year == before.year + 1));
    const bool next_week = c.weekday == 1 && before.weekday == 7 && (c.week == before.week + 1 || c.week == 1);
    REQUIRE((next_day || next_month));
    REQUIRE((next_week || (c.weekday == before.weekday + 1 && c.week == before.week)));
    REQUIRE(c.yearday == (c.year == before.year ? before.yearday + 1 : 1));
    before = c;
  }
}

TEST_CASE("rules: a duration counts by the calendar", "[rules]") {
  const auto from = [](const char* start, const Span& span) { return after({at(start)}, span).seconds; };
  CHECK(from("2026-01-31", {.months = 1}) == at("2026-02-28"));
  CHECK(from("2024-01-31", {.months = 1}) == at("2024-02-29"));
  CHECK(from("2024-02-29", {.years = 1}) == at("2025-02-28"));
  CHECK(from("2026-11-21", {.months = 14}) == at("2028-01-21"));
  CHECK(from("2026-11-21", {.weeks = 1, .days = 2, .hours = 3, .minutes = 4, .seconds = 5}) == at("2026-11-30T03:04:05Z"));
}

TEST_CASE("rules: ranges may be open at either end", "[rules]") {
  CHECK(in_range("5", 5) == true);
  CHECK(in_range("9-17", 17) == true);
  CHECK(in_range("9-17", 18) == false);
  CHECK(in_range("9-", 23) == true);
  CHECK(in_range("-9", 10) == false);
  for (const auto* bad : {"", "-", "a", "1-b", "1,2"}) CHECK_FALSE(in_range(bad, 1));
}

TEST_CASE("rules: numbers compare without floating point, and like doubles where those are exact", "[rules]") {
  CHECK((compare("number", true, "0.1", "0.10") == 0));
  CHECK((compare("number", true, "-0.5", "-0.25") < 0));
  CHECK((compare("number", true, "-0", "0") == 0));
  CHECK((compare("integer", true, "99999999999999999999999", "100") > 0));
  CHECK((compare("", true, "9", "10") < 0));
  CHECK((compare("", false, "ABC", "abc") == 0));
  CHECK((compare("string", true, "9", "10") > 0));
  CHECK((compare("version", true, "1.10", "1.9.5") > 0));
  CHECK((compare("version", true, "1.0", "1") > 0));
  Rng rng(3);
  for (int i = 0; i < 5000; ++i) {
    const auto x = rng.between(-4000, 4000), y = rng.between(-4000, 4000);
    const auto text = [](std::int64_t n) { return fmt::format("{:.3f}", static_cast<double>(n) / 8); };
    CHECK((compare("number", true, text(x), text(y)) < 0) == (x < y));
  }
}
