// Strict reading of XML; see parse.hpp.
#include "common/xml/parse.hpp"

#include <algorithm>

#include "common/xml/scanner.hpp"

namespace relevo::xml {

Status check(std::string_view text, const Limits& limits) { return Scanner(text, limits).run(); }

Result<std::unique_ptr<pugi::xml_document>> parse(std::string_view text, const Limits& limits) {
  if (auto ok = check(text, limits); !ok) return pass(ok.error());
  auto document = std::make_unique<pugi::xml_document>();
  const auto result = document->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0));
    return fail(ErrorKind::invalid, "line {}: {}", line_at(text, at), result.description());
  }
  return document;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto head = text.substr(0, std::min(offset, text.size()));
  return static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n')) + 1;
}

std::size_t line_of(std::string_view text, const pugi::xml_node& node) {
  const auto offset = node.offset_debug();
  return offset < 0 ? 0 : line_at(text, static_cast<std::size_t>(offset));
}

}  // namespace relevo::xml
