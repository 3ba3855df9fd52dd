// The well-formedness scanner behind parse(): reads the text once, keeps nothing but the open elements.
// Internal to common/xml.
#pragma once

#include <string_view>
#include <vector>

#include "common/xml/parse.hpp"

namespace relevo::xml {

class Scanner {
 public:
  Scanner(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}
  Status run();

 private:
  Status markup();
  Status text();
  Status declaration();
  Status comment();
  Status cdata();
  Status doctype();
  Status open_tag();
  Status close_tag();
  Status attribute(std::vector<std::string_view>& seen);
  Status references(std::string_view value, std::size_t at);
  Status end_of_input();

  [[nodiscard]] std::string_view name();
  [[nodiscard]] std::string_view rest() const { return text_.substr(pos_); }
  bool skip(std::string_view word);
  void skip_space();

  template <class... Args>
  [[nodiscard]] tl::unexpected<Error> wrong(std::size_t at, fmt::format_string<Args...> format, Args&&... args) const {
    return fail(ErrorKind::invalid, "line {}: {}", line_at(text_, at), fmt::format(format, std::forward<Args>(args)...));
  }

  std::string_view text_;
  Limits limits_;
  std::size_t pos_ = 0;
  std::vector<std::string_view> open_;
  bool had_root_ = false;
};

}  // namespace relevo::xml
