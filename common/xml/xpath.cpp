// Bounded XPath; see xpath.hpp.
#include "common/xml/xpath.hpp"

#include <algorithm>
#include <string>

#include "common/xml/chars.hpp"

namespace relevo::xml {
namespace {

constexpr int max_brackets = 3;
constexpr int max_descents = 4;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Reads the expression once, token by token, and stops at the first that is not permitted.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Status run() {
    while (pos_ < text_.size())
      if (auto ok = token(); !ok) return ok;
    if (brackets_ != 0) return refuse("a '[' is not closed");
    return {};
  }

 private:
  [[nodiscard]] static tl::unexpected<Error> refuse(std::string_view why) {
    return fail(ErrorKind::invalid, "this XPath is not allowed: {}", why);
  }
  [[nodiscard]] bool sees(std::string_view word) const { return text_.substr(pos_).starts_with(word); }

  Status token() {
    const char c = text_[pos_];
    if (is_space(c)) return take(1, after_step_);
    if (c == '"' || c == '\'') return literal(c);
    if (sees("//")) return descend(2);
    if (c == '/') return slash();
    if (sees("..")) return brackets_ > 0 ? refuse("'..' inside a predicate") : Status(take(2, true));
    if (c == '[' || c == ']') return bracket(c);
    if (c == '.' || c == '*' || c == ')' || is_digit(c)) return take(1, true);
    if (is_one_of(std::string_view(&c, 1), {"@", "(", "=", "<", ">", "|", ","})) return take(1, false);
    if (sees("!=")) return take(2, false);
    if (is_name_start(c) && c != ':') return word();
    return refuse(fmt::format("'{}' has no meaning here", c));
  }

  Status take(std::size_t n, bool after_step) {
    pos_ += n;
    after_step_ = after_step;
    return {};
  }

  Status literal(char quote) {
    const auto end = text_.find(quote, pos_ + 1);
    if (end == std::string_view::npos) return refuse("a quoted text does not end");
    return take(end + 1 - pos_, true);
  }

  /// A path that begins at the root for every node that a predicate looks at would make the cost a product.
  Status slash() {
    if (brackets_ > 0 && !after_step_) return refuse("a path from the root inside a predicate");
    return take(1, false);
  }

  Status descend(std::size_t n) {
    if (brackets_ > 0) return refuse("a search through all descendants inside a predicate");
    if (++descents_ > max_descents) return refuse("too many searches through all descendants");
    return take(n, false);
  }

  Status bracket(char c) {
    brackets_ += c == '[' ? 1 : -1;
    if (brackets_ < 0) return refuse("a ']' without its '['");
    if (brackets_ > max_brackets) return refuse("predicates are nested too deeply");
    return take(1, c == ']');
  }

  Status word() {
    const auto start = pos_;
    while (pos_ < text_.size() && is_name_char(text_[pos_]) && text_[pos_] != ':') ++pos_;
    const auto name = text_.substr(start, pos_ - start);
    auto next = pos_;
    while (next < text_.size() && is_space(text_[next])) ++next;
    if (text_.substr(next).starts_with("::")) return axis(name, next);
    if (next < text_.size() && text_[next] == '(' && !is_function(name))
      return refuse(fmt::format("the function '{}'", name));
    after_step_ = !is_one_of(name, {"and", "or"});
    return {};
  }

  Status axis(std::string_view name, std::size_t colons) {
    pos_ = colons;
    if (is_one_of(name, {"child", "attribute", "self"})) return take(2, false);
    if (is_one_of(name, {"descendant", "descendant-or-self"})) return descend(2);
    if (is_one_of(name, {"parent", "ancestor", "ancestor-or-self"}) && brackets_ == 0) return take(2, false);
    return refuse(fmt::format("the axis '{}'", name));
  }

  static bool is_function(std::string_view name) {
    return is_one_of(name, {"not", "contains", "starts-with", "position", "last", "count", "name", "text", "node", "and", "or"});
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  int brackets_ = 0;
  int descents_ = 0;
  bool after_step_ = false;
};

}  // namespace

Status check_xpath(std::string_view expression) {
  if (expression.empty()) return fail(ErrorKind::invalid, "an XPath must not be empty");
  if (expression.size() > max_xpath_bytes)
    return fail(ErrorKind::invalid, "an XPath may have at most {} bytes, this one has {}", max_xpath_bytes, expression.size());
  if (first_bad_character(expression) != std::string_view::npos)
    return fail(ErrorKind::invalid, "the XPath is no valid UTF-8 or has control characters");
  return Checker(expression).run();
}

Result<std::vector<pugi::xml_node>> select(const pugi::xml_node& top, std::string_view expression) {
  if (auto ok = check_xpath(expression); !ok) return pass(ok.error());
  std::vector<pugi::xml_node> nodes;
  try {  // the library's own errors end here
    auto found = top.select_nodes(std::string(expression).c_str());
    found.sort();
    for (const auto& hit : found) {
      const auto node = hit.node() ? hit.node() : hit.parent();
      if (node.type() == pugi::node_element && (nodes.empty() || nodes.back() != node)) nodes.push_back(node);
    }
  } catch (const pugi::xpath_exception& e) {
    return fail(ErrorKind::invalid, "XPath '{}': {} (at character {})", expression, e.what(), e.result().offset + 1);
  }
  return nodes;
}

Result<std::string> xpath_literal(std::string_view value) {
  const bool single = value.find('\'') != std::string_view::npos;
  if (single && value.find('"') != std::string_view::npos)
    return fail(ErrorKind::invalid, "\"{}\" holds both kinds of quotes", value);
  const char quote = single ? '"' : '\'';
  return quote + std::string(value) + quote;
}

}  // namespace relevo::xml
