// Dates as rules write them: ISO 8601 text, calendar fields, calendar durations. No clock and no time zone database:
// who knows the local time hands in its distance from UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::rules {

/// `2026-11-21`, `20261121`, `2026-325`, `2026-W47-6`, each with or without `T12:30:15` or ` 12:30` (seconds and minutes
/// may be left out), `Z`, `+02:00`. Without a zone it is `utc_offset` from UTC. Range: years 1970 to 9999.
/// Errors: invalid. Source: ISO 8601; Pacemaker Explained, "Date/Time Expressions".
Result<WallTime> parse_date(std::string_view text, std::chrono::seconds utc_offset = {});

/// An instant taken apart. Weeks and week years as ISO 8601 counts them; weekday 1 is Monday.
struct Calendar {
  std::int64_t year = 0, month = 0, monthday = 0, yearday = 0, weekday = 0, week = 0, weekyear = 0;
  std::int64_t hour = 0, minute = 0, second = 0;
};
[[nodiscard]] Calendar calendar(WallTime at, std::chrono::seconds utc_offset = {});

/// A duration by calendar fields. A month after January 31 is the last day of February.
struct Span {
  std::int64_t years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0;
};
[[nodiscard]] WallTime after(WallTime start, const Span& span, std::chrono::seconds utc_offset = {});

}  // namespace relevo::rules
