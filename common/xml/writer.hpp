// Writes elements straight to text, in the form of print(): for documents that nobody needs as a tree.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::xml {

/// Elements are opened and closed like brackets; attributes come before the first child. Names are the caller's words and
/// are written as they are, values are escaped.
class Writer {
 public:
  using Sink = std::function<void(std::string_view)>;

  Writer() : Writer(Sink{}) {}
  /// What is written goes to `sink`, a piece at a time and in order; nothing is kept for take().
  explicit Writer(Sink sink);

  void open(std::string_view name);
  void attribute(std::string_view name, std::string_view value);
  void attribute(std::string_view name, std::integral auto value) { attribute(name, std::string_view(std::to_string(value))); }
  void close();
  /// What was written, or nothing when a sink has got it: it has all of it then. All elements must be closed.
  [[nodiscard]] std::string take();

 private:
  struct Open {
    std::string name;
    bool has_children = false;
  };
  void put(std::string_view text);
  void indent();
  void hand_over(std::string_view text);
  void empty_buffer();

  Sink sink_;
  std::string kept_;
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::vector<Open> open_;
};

}  // namespace relevo::xml
