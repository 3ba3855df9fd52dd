// Writes elements straight to text, in the form of print(): for documents that nobody needs as a tree.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::xml {

/// Elements are opened and closed like brackets; attributes come before the first child. Names are the caller's words and
/// are written as they are, values are escaped.
class Writer {
 public:
  void open(std::string_view name);
  void attribute(std::string_view name, std::string_view value);
  void attribute(std::string_view name, std::integral auto value) { attribute(name, std::string_view(std::to_string(value))); }
  void close();
  /// What was written; all elements must be closed.
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  struct Open {
    std::string name;
    bool has_children = false;
  };
  std::string out_;
  std::vector<Open> open_;
};

}  // namespace relevo::xml
