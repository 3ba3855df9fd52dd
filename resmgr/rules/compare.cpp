// Comparison by type; see compare.hpp.
#include "resmgr/rules/compare.hpp"

#include <algorithm>
#include <string>

#include "common/base/text.hpp"

namespace relevo::rules {
namespace {

/// A decimal number in parts that compare as texts: whole without leading zeros, fraction without trailing ones.
struct Decimal {
  bool negative = false;
  std::string_view whole, fraction;
};

std::string_view take_digits(std::string_view& text) {
  const auto n = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

std::optional<Decimal> parse_decimal(std::string_view text, bool with_fraction) {
  text = trim(text);
  Decimal number;
  number.negative = text.starts_with('-');
  if (number.negative || text.starts_with('+')) text.remove_prefix(1);
  number.whole = take_digits(text);
  if (with_fraction && text.starts_with('.')) {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
  }
  // What stands behind the digits does not count, as in the peer: 1.2.3 is the number 1.2 and the integer 1
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  while (number.whole.starts_with('0')) number.whole.remove_prefix(1);
  while (number.fraction.ends_with('0')) number.fraction.remove_suffix(1);
  if (number.whole.empty() && number.fraction.empty()) number.negative = false;
  return number;
}

std::weak_ordering compare_decimals(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? std::weak_ordering::less : std::weak_ordering::greater;
  const auto& x = a.negative ? b : a;
  const auto& y = a.negative ? a : b;
  if (x.whole.size() != y.whole.size()) return x.whole.size() <=> y.whole.size();
  if (x.whole != y.whole) return x.whole <=> y.whole;
  return x.fraction <=> y.fraction;
}

std::weak_ordering compare_versions(std::string_view a, std::string_view b) {
  const auto x = split(a, '.'), y = split(b, '.');
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const auto p = i < x.size() ? parse_int(x[i]).value_or(0) : -1;
    const auto q = i < y.size() ? parse_int(y[i]).value_or(0) : -1;
    if (p != q) return p <=> q;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering compare(std::string_view type, bool ordering, std::string_view a, std::string_view b) {
  if (type == "version") return compare_versions(a, b);
  if (type.empty() && ordering) type = "number";
  if (type == "number" || type == "integer") {
    const bool fraction = type == "number";
    const auto x = parse_decimal(a, fraction), y = parse_decimal(b, fraction);
    if (x && y) return compare_decimals(*x, *y);
  }
  return to_lower(a) <=> to_lower(b);
}

std::optional<bool> in_range(std::string_view spec, std::int64_t value) {
  spec = trim(spec);
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) {
    const auto only = parse_int(spec);
    if (!only) return std::nullopt;
    return value == *only;
  }
  const auto low = trim(spec.substr(0, dash)), high = trim(spec.substr(dash + 1));
  const auto from = parse_int(low), to = parse_int(high);
  if ((low.empty() && high.empty()) || (!low.empty() && !from) || (!high.empty() && !to)) return std::nullopt;
  return (!from || value >= *from) && (!to || value <= *to);
}

}  // namespace relevo::rules
