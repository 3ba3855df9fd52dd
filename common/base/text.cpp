// Small text tools; see text.hpp.
#include "common/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace relevo {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

constexpr std::int64_t max_ms = std::int64_t{1} << 52;

std::optional<std::int64_t> scaled(std::int64_t n, std::int64_t factor) {
  if (n < 0 || (factor != 0 && n > max_ms / factor)) return std::nullopt;
  return n * factor;
}

std::optional<std::int64_t> unit_ms(char unit, bool in_time) {
  constexpr std::int64_t second = 1000, day = 86400 * second;
  switch (unit) {
    case 'Y': return 365 * day;
    case 'M': return in_time ? 60 * second : 30 * day;
    case 'W': return 7 * day;
    case 'D': return day;
    case 'H': return 3600 * second;
    case 'S': return second;
    default: return std::nullopt;
  }
}

/// ISO 8601 `PnYnMnWnDTnHnMnS`; months count 30 days and years 365.
std::optional<std::chrono::milliseconds> parse_iso_duration(std::string_view text) {
  std::int64_t total = 0;
  bool in_time = false, any = false;
  for (std::size_t i = 1; i < text.size();) {
    if (text[i] == 'T' && !in_time) {
      in_time = true;
      ++i;
      continue;
    }
    const auto start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    const auto n = parse_number<std::int64_t>(text.substr(start, i - start));
    if (!n || i == text.size()) return std::nullopt;
    const auto unit = unit_ms(text[i++], in_time);
    const auto part = unit ? scaled(*n, *unit) : std::nullopt;
    if (!part || total > max_ms - *part) return std::nullopt;
    total += *part;
    any = true;
  }
  if (!any) return std::nullopt;
  return std::chrono::milliseconds(total);
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const auto end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < text.size();) {
    while (i < text.size() && is_space(text[i])) ++i;
    const auto start = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    if (i > start) parts.emplace_back(text.substr(start, i - start));
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return parse_number<std::int64_t>(text);
}

std::optional<std::uint64_t> parse_uint(std::string_view text) { return parse_number<std::uint64_t>(text); }

std::optional<bool> parse_bool(std::string_view text) {
  for (const auto* word : {"1", "yes", "y", "on", "true"})
    if (equals_ignoring_case(text, word)) return true;
  for (const auto* word : {"0", "no", "n", "off", "false"})
    if (equals_ignoring_case(text, word)) return false;
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  text = trim(text);
  if (text.starts_with('P')) return parse_iso_duration(text);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const auto n = parse_number<std::int64_t>(text.substr(0, digits));
  if (!n) return std::nullopt;
  const auto unit = to_lower(trim(text.substr(digits)));
  if (unit == "us" || unit == "usec") return std::chrono::milliseconds(*n / 1000);
  std::int64_t factor = 0;
  if (unit == "ms" || unit == "msec") factor = 1;
  if (unit.empty() || unit == "s" || unit == "sec") factor = 1000;
  if (unit == "m" || unit == "min") factor = 60'000;
  if (unit == "h" || unit == "hr") factor = 3'600'000;
  const auto total = factor == 0 ? std::nullopt : scaled(*n, factor);
  if (!total) return std::nullopt;
  return std::chrono::milliseconds(*total);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, cost});
    }
  }
  return row[b.size()];
}

std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  if (word.size() <= 2) best_distance = 2;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(to_lower(word), to_lower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string to_hex(const std::uint8_t* data, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[data[i] >> 4];
    out += digits[data[i] & 15];
  }
  return out;
}

}  // namespace relevo
