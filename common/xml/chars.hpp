// Characters as XML 1.0 sees them: names, permitted code points, UTF-8. Internal to common/xml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace relevo::xml {

[[nodiscard]] constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// Bytes above 0x7f belong to a checked UTF-8 sequence and may stand in names.
[[nodiscard]] constexpr bool is_name_start(char c) {
  return is_letter(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
[[nodiscard]] constexpr bool is_name_char(char c) { return is_name_start(c) || is_digit(c) || c == '-' || c == '.'; }

/// XML 1.0 production 2, "Char".
[[nodiscard]] constexpr bool is_xml_char(std::uint32_t c) {
  if (c < 0x20) return c == 0x9 || c == 0xa || c == 0xd;
  return c <= 0xd7ff || (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/// Where the first byte stands that is no valid UTF-8 or no permitted character; npos when all is well.
[[nodiscard]] std::size_t first_bad_character(std::string_view text);

/// Whether `text` may be an xs:ID: a name without a colon.
[[nodiscard]] bool is_ncname(std::string_view text);

}  // namespace relevo::xml
