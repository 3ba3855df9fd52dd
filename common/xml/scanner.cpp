// The well-formedness scanner; see scanner.hpp. pugixml behind it accepts more than XML does, this accepts less.
#include "common/xml/scanner.hpp"

#include <algorithm>
#include <charconv>

#include "common/xml/chars.hpp"

namespace relevo::xml {
namespace {

/// The number of a character reference without its `&` and `;`, as in `#10` or `#x41`.
bool is_valid_reference(std::string_view word) {
  for (const auto* known : {"amp", "lt", "gt", "quot", "apos"})
    if (word == known) return true;
  if (word.size() < 2 || word[0] != '#') return false;
  word.remove_prefix(1);
  const bool hex = word[0] == 'x';
  if (hex) word.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value, hex ? 16 : 10);
  return error == std::errc{} && stop == word.data() + word.size() && !word.empty() && is_xml_char(value);
}

}  // namespace

Status Scanner::run() {
  if (text_.size() > limits_.max_bytes)
    return fail(ErrorKind::invalid, "the text has {} bytes, more than the {} allowed", text_.size(), limits_.max_bytes);
  if (const auto bad = first_bad_character(text_); bad != std::string_view::npos)
    return wrong(bad, "byte 0x{:02x} is no valid UTF-8 or a control character", static_cast<std::uint8_t>(text_[bad]));
  skip("\xef\xbb\xbf");
  if (auto ok = declaration(); !ok) return ok;
  while (pos_ < text_.size())
    if (auto ok = text_[pos_] == '<' ? markup() : text(); !ok) return ok;
  return end_of_input();
}

Status Scanner::end_of_input() {
  if (!open_.empty()) return wrong(text_.size(), "the text ends inside <{}>", open_.back());
  if (!had_root_) return wrong(text_.size(), "there is no element");
  return {};
}

bool Scanner::skip(std::string_view word) {
  if (!rest().starts_with(word)) return false;
  pos_ += word.size();
  return true;
}

void Scanner::skip_space() {
  while (pos_ < text_.size() && is_space(text_[pos_])) ++pos_;
}

std::string_view Scanner::name() {
  const auto start = pos_;
  if (pos_ < text_.size() && is_name_start(text_[pos_]))
    while (pos_ < text_.size() && is_name_char(text_[pos_])) ++pos_;
  return text_.substr(start, pos_ - start);
}

Status Scanner::declaration() {
  if (!rest().starts_with("<?xml") || rest().size() < 6 || !is_space(rest()[5])) return {};
  const auto end = rest().find("?>");
  if (end == std::string_view::npos) return wrong(pos_, "the XML declaration does not end");
  const auto words = rest().substr(0, end);
  const auto encoding = words.find("encoding");
  if (encoding != std::string_view::npos && words.find("UTF-8", encoding) == std::string_view::npos &&
      words.find("utf-8", encoding) == std::string_view::npos)
    return wrong(pos_, "the encoding must be UTF-8");
  if (words.find('<', 1) != std::string_view::npos) return wrong(pos_, "the XML declaration does not end");
  pos_ += end + 2;
  return {};
}

Status Scanner::markup() {
  if (skip("<!--")) return comment();
  if (skip("<![CDATA[")) return cdata();
  if (skip("<!DOCTYPE")) return doctype();
  if (rest().starts_with("<?")) return wrong(pos_, "processing instructions are not allowed");
  if (rest().starts_with("<!")) return wrong(pos_, "declarations are not allowed");
  if (skip("</")) return close_tag();
  return open_tag();
}

Status Scanner::comment() {
  const auto end = rest().find("--");
  if (end == std::string_view::npos) return wrong(pos_, "the comment does not end");
  if (!rest().substr(end).starts_with("-->")) return wrong(pos_, "'--' inside a comment");
  pos_ += end + 3;
  return {};
}

Status Scanner::cdata() {
  if (open_.empty()) return wrong(pos_, "CDATA outside the root element");
  const auto end = rest().find("]]>");
  if (end == std::string_view::npos) return wrong(pos_, "the CDATA section does not end");
  pos_ += end + 3;
  return {};
}

Status Scanner::doctype() {
  if (!limits_.doctype) return wrong(pos_, "a document type is not allowed");
  if (had_root_) return wrong(pos_, "the document type must stand before the root element");
  const auto end = rest().find_first_of("[<>");
  if (end == std::string_view::npos || rest()[end] != '>')
    return wrong(pos_, "a document type with declarations of its own is not allowed");
  pos_ += end + 1;
  return {};
}

Status Scanner::text() {
  const auto end = std::min(text_.find('<', pos_), text_.size());
  const auto part = text_.substr(pos_, end - pos_);
  if (open_.empty() && !std::all_of(part.begin(), part.end(), is_space))
    return wrong(pos_, "text outside the root element");
  if (part.find("]]>") != std::string_view::npos) return wrong(pos_, "']]>' in text");
  if (auto ok = references(part, pos_); !ok) return ok;
  pos_ = end;
  return {};
}

Status Scanner::references(std::string_view value, std::size_t at) {
  for (auto i = value.find('&'); i != std::string_view::npos; i = value.find('&', i + 1)) {
    const auto end = value.find(';', i);
    const auto word = end == std::string_view::npos ? std::string_view{} : value.substr(i + 1, end - i - 1);
    if (!is_valid_reference(word))
      return wrong(at + i, "'&' must begin one of &amp; &lt; &gt; &quot; &apos; or a valid character reference");
  }
  return {};
}

Status Scanner::open_tag() {
  const auto start = pos_++;
  const auto element = name();
  if (element.empty()) return wrong(start, "'<' must be followed by an element's name");
  if (open_.empty() && had_root_) return wrong(start, "a second root element <{}>", element);
  if (open_.size() >= limits_.max_depth)
    return wrong(start, "<{}> is nested deeper than the {} levels allowed", element, limits_.max_depth);
  had_root_ = true;
  std::vector<std::string_view> seen;
  for (;;) {
    const auto before = pos_;
    skip_space();
    if (skip("/>")) return {};
    if (skip(">")) break;
    if (pos_ == text_.size()) return wrong(start, "<{}> does not end", element);
    if (pos_ == before) return wrong(pos_, "white space is missing between the attributes of <{}>", element);
    if (seen.size() >= limits_.max_attributes)
      return wrong(pos_, "<{}> has more than the {} attributes allowed", element, limits_.max_attributes);
    if (auto ok = attribute(seen); !ok) return ok;
  }
  open_.push_back(element);
  return {};
}

Status Scanner::attribute(std::vector<std::string_view>& seen) {
  const auto start = pos_;
  const auto key = name();
  if (key.empty()) return wrong(start, "an attribute's name, '/>' or '>' is missing");
  if (std::find(seen.begin(), seen.end(), key) != seen.end()) return wrong(start, "attribute '{}' stands twice", key);
  seen.push_back(key);
  skip_space();
  if (!skip("=")) return wrong(pos_, "attribute '{}' has no value", key);
  skip_space();
  const char quote = pos_ < text_.size() ? text_[pos_] : '\0';
  if (quote != '"' && quote != '\'') return wrong(pos_, "the value of attribute '{}' must be quoted", key);
  const auto end = text_.find(quote, ++pos_);
  if (end == std::string_view::npos) return wrong(start, "the value of attribute '{}' does not end", key);
  const auto value = text_.substr(pos_, end - pos_);
  if (value.find('<') != std::string_view::npos) return wrong(start, "'<' in the value of attribute '{}'", key);
  if (auto ok = references(value, pos_); !ok) return ok;
  pos_ = end + 1;
  return {};
}

Status Scanner::close_tag() {
  const auto start = pos_;
  const auto element = name();
  skip_space();
  if (!skip(">")) return wrong(start, "</{} does not end with '>'", element);
  if (open_.empty()) return wrong(start, "</{}> closes nothing", element);
  if (element != open_.back()) return wrong(start, "</{}> where </{}> must stand", element, open_.back());
  open_.pop_back();
  return {};
}

}  // namespace relevo::xml
