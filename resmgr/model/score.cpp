// Scores as text; see score.hpp.
#include "resmgr/model/score.hpp"

#include <fmt/core.h>

#include "common/base/text.hpp"

namespace relevo::model {
namespace {

/// Digits with an optional sign: those are numbers however long they are.
bool is_whole_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string to_string(Score score) {
  if (score.is_plus_infinity()) return "INFINITY";
  if (score.is_minus_infinity()) return "-INFINITY";
  return fmt::format("{}", score.value);
}

std::optional<Score> parse_score(std::string_view text) {
  text = trim(text);
  if (equals_ignoring_case(text, "INFINITY") || equals_ignoring_case(text, "+INFINITY")) return Score(Score::infinity);
  if (equals_ignoring_case(text, "-INFINITY")) return Score(-Score::infinity);
  if (!is_whole_number(text)) return std::nullopt;
  const auto limit = std::int64_t{Score::infinity};
  const auto number = parse_int(text);
  if (!number) return Score(text.starts_with('-') ? -Score::infinity : Score::infinity);
  return Score(static_cast<int>(std::clamp(*number, -limit, limit)));
}

}  // namespace relevo::model
