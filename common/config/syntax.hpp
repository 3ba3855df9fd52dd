// The syntax of corosync.conf: nested `name { ... }` sections of `key: value` lines. Knows no option.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace relevo::config {

/// One `key: value` line.
struct Entry {
  std::string key, value;
  std::size_t line = 0;
};

/// One `name { ... }` block; the file itself is a section without a name.
struct Section {
  std::string name;
  std::size_t line = 0;
  std::vector<Entry> entries;
  std::vector<Section> sections;
};

/// Deepest nesting that is read; more is an error.
constexpr std::size_t max_config_depth = 8;

/// Errors: `FILE: line N: ...` for text outside the syntax, a missing or surplus brace, control characters.
Result<Section> parse_sections(std::string_view text, std::string_view file);

}  // namespace relevo::config
