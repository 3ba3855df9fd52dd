// Dates as rules write them; see date.hpp.
#include "resmgr/rules/date.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace relevo::rules {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t seconds_a_day = 86400;

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes `count` digits off the front.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count || !all_digits(text.substr(0, count))) return std::nullopt;
  const auto number = parse_int(text.substr(0, count));
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::int64_t day_number(std::int64_t year, std::int64_t month, std::int64_t day) {
  const auto date = year_month_day(std::chrono::year(static_cast<int>(year)), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day)));
  return sys_days(date).time_since_epoch().count();
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  return month == 12 ? 31 : day_number(year, month + 1, 1) - day_number(year, month, 1);
}

std::int64_t days_in_year(std::int64_t year) { return day_number(year + 1, 1, 1) - day_number(year, 1, 1); }

/// 1 = Monday. 1970-01-01 was a Thursday.
std::int64_t weekday_of(std::int64_t day) { return (((day + 3) % 7) + 7) % 7 + 1; }

/// The Monday of the week that holds January 4. Source: ISO 8601.
std::int64_t first_monday(std::int64_t year) {
  const auto january4 = day_number(year, 1, 4);
  return january4 - (weekday_of(january4) - 1);
}

std::optional<std::int64_t> week_date(std::string_view& text, std::int64_t year) {
  const auto week = take_number(text, 2);
  take(text, '-');
  const auto weekday = take_number(text, 1);
  const auto weeks = (first_monday(year + 1) - first_monday(year)) / 7;
  if (!week || !weekday || *week < 1 || *week > weeks || *weekday < 1 || *weekday > 7) return std::nullopt;
  return first_monday(year) + (*week - 1) * 7 + *weekday - 1;
}

/// Days since 1970.
std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1970 || *year > 9998) return std::nullopt;
  take(text, '-');
  if (take(text, 'W')) return week_date(text, *year);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 3) {
    const auto yearday = take_number(text, 3);
    if (!yearday || *yearday < 1 || *yearday > days_in_year(*year)) return std::nullopt;
    return day_number(*year, 1, 1) + *yearday - 1;
  }
  const auto month = take_number(text, 2);
  take(text, '-');
  const auto day = take_number(text, 2);
  if (!month || *month < 1 || *month > 12 || !day || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  return day_number(*year, *month, *day);
}

/// Seconds of the day of `HH[:MM[:SS]]`, the colons optional.
std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 24) return std::nullopt;
  std::int64_t parts[2] = {0, 0};
  for (auto& part : parts) {
    const bool colon = take(text, ':');
    if (!colon && (text.empty() || !all_digits(text.substr(0, 1)))) break;
    const auto number = take_number(text, 2);
    if (!number || *number > 59) return std::nullopt;
    part = *number;
  }
  const auto total = *hour * 3600 + parts[0] * 60 + parts[1];
  return total > seconds_a_day ? std::nullopt : std::optional(total);
}

/// Seconds ahead of UTC.
std::optional<std::int64_t> take_zone(std::string_view& text, std::chrono::seconds fallback) {
  text = trim(text);
  if (text.empty()) return fallback.count();
  if (take(text, 'Z')) return 0;
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const auto distance = take_time(text);
  if (!distance || *distance > 14 * 3600) return std::nullopt;
  return west ? -*distance : *distance;
}

std::optional<WallTime> read(std::string_view text, std::chrono::seconds utc_offset) {
  const auto day = take_date(text);
  if (!day) return std::nullopt;
  std::int64_t time = 0;
  if (take(text, 'T') || take(text, ' ')) {
    const auto found = take_time(text);
    if (!found) return std::nullopt;
    time = *found;
  }
  const auto zone = take_zone(text, utc_offset);
  if (!zone || !text.empty()) return std::nullopt;
  return WallTime{*day * seconds_a_day + time - *zone};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// The instant as days and seconds of the day, in local time.
std::pair<std::int64_t, std::int64_t> split_days(WallTime at, std::chrono::seconds utc_offset) {
  constexpr std::int64_t latest = 253370764799;  // the end of the year 9998
  const auto local = std::clamp<std::int64_t>(at.seconds, -seconds_a_day, latest) + utc_offset.count();
  const auto day = floor_div(local, seconds_a_day);
  return {day, local - day * seconds_a_day};
}

year_month_day civil(std::int64_t day) { return year_month_day(sys_days(days(day))); }

}  // namespace

Result<WallTime> parse_date(std::string_view text, std::chrono::seconds utc_offset) {
  if (const auto date = read(trim(text), utc_offset)) return *date;
  return fail(ErrorKind::invalid, "'{}' is no date; write it as 2026-11-21 or 2026-11-21T12:30:00Z", text);
}

Calendar calendar(WallTime at, std::chrono::seconds utc_offset) {
  const auto [day, time] = split_days(at, utc_offset);
  const auto date = civil(day);
  Calendar c;
  c.year = static_cast<int>(date.year());
  c.month = static_cast<unsigned>(date.month());
  c.monthday = static_cast<unsigned>(date.day());
  c.yearday = day - day_number(c.year, 1, 1) + 1;
  c.weekday = weekday_of(day);
  c.weekyear = c.year;
  if (day < first_monday(c.year)) --c.weekyear;
  if (day >= first_monday(c.year + 1)) ++c.weekyear;
  c.week = (day - first_monday(c.weekyear)) / 7 + 1;
  c.hour = time / 3600;
  c.minute = time / 60 % 60;
  c.second = time % 60;
  return c;
}

WallTime after(WallTime start, const Span& span, std::chrono::seconds utc_offset) {
  const auto [day, time] = split_days(start, utc_offset);
  const auto date = civil(day);
  const auto month_count = static_cast<std::int64_t>(static_cast<int>(date.year())) * 12 +
                           static_cast<unsigned>(date.month()) - 1 + span.years * 12 + span.months;
  const auto year = std::clamp<std::int64_t>(floor_div(month_count, 12), 1970, 9998);
  const auto month = month_count - floor_div(month_count, 12) * 12 + 1;
  const auto monthday = std::min<std::int64_t>(static_cast<unsigned>(date.day()), days_in_month(year, month));
  const auto moved = day_number(year, month, monthday) + span.weeks * 7 + span.days;
  return WallTime{moved * seconds_a_day + time + span.hours * 3600 + span.minutes * 60 + span.seconds - utc_offset.count()};
}

}  // namespace relevo::rules
