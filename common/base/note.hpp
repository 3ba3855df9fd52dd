// What a core has to say to people: values, which the shell logs and the tests compare.
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace relevo {

enum class Level { trace, debug, info, notice, warning, error };

struct Note {
  Level level = Level::info;
  std::string text;
  bool operator==(const Note&) const = default;
};
using Notes = std::vector<Note>;

template <class... Args>
[[nodiscard]] Note note(Level level, fmt::format_string<Args...> format, Args&&... args) {
  return Note{level, fmt::format(format, std::forward<Args>(args)...)};
}

}  // namespace relevo
