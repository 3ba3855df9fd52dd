// The terminal as crm_mon needs it: full screen, clipped lines, keys; given back as it was found.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::mon {

/// One at a time. Nothing is left on the terminal after its end, also after signals that end the program.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// False when the terminal cannot be used (no TERM, no terminal).
  [[nodiscard]] bool ok() const { return ok_; }
  /// Draws all lines that fit from line `top_` on, and a status line at the bottom.
  void draw(const std::string& text, const std::string& status_line);
  /// Takes over the terminal's new size.
  void resize();
  /// The next key, or -1. Handles resizes and scrolling keys itself: `redraw` says that one is due.
  int key(bool& redraw);

 private:
  bool ok_ = false;
  std::size_t top_ = 0, lines_ = 0;
};

}  // namespace relevo::cli::mon
