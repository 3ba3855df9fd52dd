// Small text tools: splitting, numbers, durations as Pacemaker writes them, near words.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace relevo {

[[nodiscard]] std::string_view trim(std::string_view text);
/// Splits at each `separator`; empty parts are kept.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// Splits at white space; empty parts are dropped.
[[nodiscard]] std::vector<std::string> words(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// A whole decimal number and nothing else.
[[nodiscard]] std::optional<std::int64_t> parse_int(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_uint(std::string_view text);
/// 1/yes/y/on/true and 0/no/n/off/false, any case. Source: Pacemaker Explained, "boolean".
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);
/// `N`, `Ns`, `Nsec`, `Nms`, `Nmsec`, `Nus`, `Nusec`, `Nm`, `Nmin`, `Nh`, `Nhr` (bare = seconds) or ISO 8601 `PT10S`, `P1DT2H`.
/// Negative or unreadable text gives nothing. Source: Pacemaker Explained, "duration"; resmgr spec 1.1.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The Levenshtein distance, for "did you mean".
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
/// The nearest of `known` when near enough to be a typo of `word`.
[[nodiscard]] std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(const std::uint8_t* data, std::size_t size);

}  // namespace relevo
