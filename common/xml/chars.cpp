// UTF-8 and names; see chars.hpp.
#include "common/xml/chars.hpp"

#include <algorithm>

namespace relevo::xml {
namespace {

/// How many bytes a sequence has that begins with `lead`; 0 for a byte that cannot begin one.
std::size_t sequence_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/// The code point at `at`, or a value that is no XML character when the bytes are wrong.
std::uint32_t decode(std::string_view text, std::size_t at, std::size_t length) {
  constexpr std::uint32_t bad = 0;
  if (length == 0 || length > text.size() - at) return bad;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
  if (length == 1) return byte(0);
  std::uint32_t c = byte(0) & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return bad;
    c = (c << 6) | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  return overlong ? bad : c;
}

}  // namespace

std::size_t first_bad_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto length = sequence_length(static_cast<std::uint8_t>(text[i]));
    if (!is_xml_char(decode(text, i, length))) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_ncname(std::string_view text) {
  if (text.empty() || !is_name_start(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_name_char(c) && c != ':'; });
}

}  // namespace relevo::xml
