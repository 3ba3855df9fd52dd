// Scores: whole numbers with two infinities, added as Pacemaker adds them.
#pragma once

#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace relevo::model {

/// A score between -INFINITY and INFINITY (1,000,000). Source: Pacemaker Explained, "score"; resmgr spec 1.1.
struct Score {
  static constexpr int infinity = 1'000'000;
  int value = 0;

  constexpr Score() = default;
  constexpr explicit Score(int v) : value(std::clamp(v, -infinity, infinity)) {}
  constexpr auto operator<=>(const Score&) const = default;

  [[nodiscard]] constexpr bool is_plus_infinity() const { return value >= infinity; }
  [[nodiscard]] constexpr bool is_minus_infinity() const { return value <= -infinity; }
};

/// -INFINITY beats everything, then INFINITY sticks, else the clamped sum.
constexpr Score operator+(Score a, Score b) {
  if (a.is_minus_infinity() || b.is_minus_infinity()) return Score(-Score::infinity);
  if (a.is_plus_infinity() || b.is_plus_infinity()) return Score(Score::infinity);
  return Score(a.value + b.value);
}

/// `INFINITY`, `-INFINITY` or the number.
[[nodiscard]] std::string to_string(Score score);
/// A number (clamped), `INFINITY`, `+INFINITY`, `-INFINITY` in any case; nothing for other text.
[[nodiscard]] std::optional<Score> parse_score(std::string_view text);

}  // namespace relevo::model
