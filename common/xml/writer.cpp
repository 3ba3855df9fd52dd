// See writer.hpp. Text is gathered in a buffer of its own: most pieces are short, and a string takes longer to grow by each.
#include "common/xml/writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "common/base/assert.hpp"
#include "common/xml/tree.hpp"

namespace relevo::xml {
namespace {

constexpr std::size_t room = 64U << 10;

constexpr std::array<bool, 256> make_special() {
  std::array<bool, 256> special{};
  for (const char c : std::string_view("&<>\"\n\t\r")) special[static_cast<unsigned char>(c)] = true;
  return special;
}

/// Copies what needs no escaping; whether that was all. There must be room.
bool copy_plain(std::string_view value, char* to) {
  static constexpr auto special = make_special();
  for (const char c : value) {
    if (special[static_cast<unsigned char>(c)]) return false;
    *to++ = c;
  }
  return true;
}

}  // namespace

Writer::Writer(Sink sink) : sink_(std::move(sink)), buffer_(std::make_unique<char[]>(room)) {}

void Writer::hand_over(std::string_view text) {
  if (sink_) {
    sink_(text);
  } else {
    kept_.append(text);
  }
}

void Writer::empty_buffer() {
  if (used_ > 0) hand_over({buffer_.get(), used_});
  used_ = 0;
}

void Writer::put(std::string_view text) {
  if (text.size() > room - used_) {
    empty_buffer();
    if (text.size() > room) return hand_over(text);
  }
  std::memcpy(buffer_.get() + used_, text.data(), text.size());
  used_ += text.size();
}

void Writer::indent() {
  static constexpr std::string_view blanks = "                ";
  for (std::size_t left = 2 * open_.size(); left > 0;) {
    const auto now = std::min(left, blanks.size());
    put(blanks.substr(0, now));
    left -= now;
  }
}

void Writer::open(std::string_view name) {
  if (!open_.empty() && !open_.back().has_children) {
    open_.back().has_children = true;
    put(">\n");
  }
  indent();
  put("<");
  put(name);
  open_.push_back({std::string(name)});
}

void Writer::attribute(std::string_view name, std::string_view value) {
  RELEVO_ASSERT(!open_.empty() && !open_.back().has_children);
  const std::size_t length = name.size() + value.size() + 4;
  if (length > room - used_) empty_buffer();
  if (length <= room) {
    char* at = buffer_.get() + used_;
    *at++ = ' ';
    at = std::copy(name.begin(), name.end(), at);
    *at++ = '=';
    *at++ = '"';
    if (copy_plain(value, at)) {
      at[value.size()] = '"';
      used_ += length;
      return;
    }
  }
  put(" ");
  put(name);
  put("=\"");
  put(escape(value));
  put("\"");
}

void Writer::close() {
  RELEVO_ASSERT(!open_.empty());
  const Open element = std::move(open_.back());
  open_.pop_back();
  if (!element.has_children) return put("/>\n");
  indent();
  put("</");
  put(element.name);
  put(">\n");
}

std::string Writer::take() {
  empty_buffer();
  return std::move(kept_);
}

}  // namespace relevo::xml
