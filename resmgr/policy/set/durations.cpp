// Durations as administrators write them: `10`, `10s`, `2 minutes`, `PT1H`. What they are for is decided by who asks. Whatever
// clusters in the field make of odd ones (too large, followed by other words, ISO 8601 with days) is what they are here.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "common/base/text.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t most_interval = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t day = 86'400;

struct Span {
  std::int64_t ms = 0;
  bool out_of_range = false;  ///< the number itself
};

std::int64_t times(std::int64_t value, std::int64_t factor) { return value > most / factor ? most : value * factor; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// By the beginning of the word. Order matters: `ms` before `m`.
struct Unit {
  std::string_view begins;
  std::int64_t factor, divisor;
};
constexpr std::array<Unit, 5> units{{{"ms", 1, 1}, {"us", 1, 1000}, {"s", 1000, 1}, {"m", 60'000, 1}, {"h", 3'600'000, 1}}};

std::optional<Span> number_with_unit(std::string_view text) {
  text = trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0) return std::nullopt;
  Span span;
  for (const char c : text.substr(0, digits)) {
    span.out_of_range = span.out_of_range || span.ms > (most - (c - '0')) / 10;
    span.ms = span.out_of_range ? most : span.ms * 10 + (c - '0');
  }
  while (digits < text.size() && (is_digit(text[digits]) || text[digits] == '.')) ++digits;  // fractions are left out
  const auto word = to_lower(trim(text.substr(digits)));
  if (word.empty()) return Span{times(span.ms, 1000), span.out_of_range};
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return word.starts_with(u.begins); });
  if (unit == units.end()) return std::nullopt;
  const auto total = times(span.ms, unit->factor);
  return Span{total == most ? most : total / unit->divisor, span.out_of_range};
}

// At most ten digits behind a sign; how many characters it took, 0 for none.
std::size_t read_amount(std::string_view text, std::int64_t& amount) {
  amount = 0;
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == ':') ? 1 : 0;
  const bool negative = at == 1 && text[0] == '-';
  for (std::size_t count = 0; count < 10 && at < text.size() && is_digit(text[at]); ++count) amount = amount * 10 + (text[at++] - '0');
  amount = static_cast<std::int32_t>(negative ? -amount : amount);
  return at;
}

struct Period {
  std::int64_t years = 0, months = 0, days = 0, seconds = 0;
};

bool add_part(Period& period, char unit, std::int64_t amount, bool in_time) {
  switch (unit) {
    case 'Y': period.years = amount; return true;
    case 'M': (in_time ? period.seconds : period.months) = in_time ? period.seconds + amount * 60 : amount; return true;
    case 'W': period.days += amount * 7; return true;
    case 'D': period.days += amount; return true;
    case 'H': period.seconds += amount * 3600; return true;
    case 'S': period.seconds += amount; return true;
    default: return false;
  }
}

std::optional<Period> read_period(std::string_view text) {
  Period period;
  if (text.size() < 2 || text[1] == ' ') return std::nullopt;
  bool in_time = false;
  for (std::size_t i = 1; i < text.size() && text[i] != '/' && text[i] != ' ';) {
    if (text[i] == 'T') {
      in_time = true;
      ++i;
      continue;
    }
    std::int64_t amount = 0;
    const auto taken = read_amount(text.substr(i), amount);
    if (taken == 0 || i + taken >= text.size() || !add_part(period, text[i + taken], amount, in_time)) return std::nullopt;
    i += taken + 1;
  }
  return period;
}

// A period is counted from the first day of the first year: that day and that year are not in it.
std::int64_t seconds_of(const Period& period) {
  const std::int64_t years = std::max<std::int64_t>(period.years - 1, 0);
  const std::int64_t leap_days = years / 4 - years / 100 + years / 400;
  return (years * 365 + leap_days + std::max<std::int64_t>(period.months, 0) * 30 + std::max<std::int64_t>(period.days - 1, 0)) * day +
         period.seconds;
}

std::optional<Span> read_interval(std::string_view text) {
  if (!text.starts_with('P')) return number_with_unit(text);
  const auto period = read_period(text);
  if (!period || seconds_of(*period) < 0) return std::nullopt;
  return Span{times(seconds_of(*period), 1000)};
}

}  // namespace

std::optional<std::chrono::milliseconds> interval_of(std::string_view text) {
  const auto span = read_interval(text);
  if (!span) return std::nullopt;
  return std::chrono::milliseconds(std::min(span->ms, most_interval));
}

bool is_interval(std::string_view text) {
  const auto span = read_interval(text);
  return span && !span->out_of_range;
}

std::optional<std::chrono::milliseconds> timeout_of(std::string_view text) {
  const auto span = number_with_unit(text);
  const auto ms = span ? static_cast<std::int32_t>(static_cast<std::uint32_t>(span->ms)) : -1;
  if (ms < 0) return std::nullopt;
  return std::chrono::milliseconds(ms);
}

}  // namespace relevo::policy
