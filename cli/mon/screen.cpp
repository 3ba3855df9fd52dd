// ncurses behind Screen; see screen.hpp.
#include "cli/mon/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>

#include <ncurses.h>

#include "common/base/text.hpp"

namespace relevo::cli::mon {
namespace {

/// A tab as crm_mon's lines have it: one blank is enough on a screen.
std::string without_tabs(std::string line) {
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

int attribute_of(const std::string& line) {
  const auto has = [&](const char* word) { return line.find(word) != std::string::npos; };
  if (has("FAILED") || has("UNCLEAN") || has("WITHOUT quorum") || has("returned '")) return A_BOLD | (has_colors() ? COLOR_PAIR(1) : 0);
  if (has("OFFLINE") || has("standby") || has("maintenance") || has("Starting") || has("Stopping") || has("blocked"))
    return has_colors() ? COLOR_PAIR(2) : A_BOLD;
  if (has("Online:") || has("Started")) return has_colors() ? COLOR_PAIR(3) : A_NORMAL;
  return !line.empty() && line.front() != ' ' ? A_BOLD : A_NORMAL;
}

}  // namespace

Screen::Screen() {
  // newterm, unlike initscr, comes back when the terminal is unknown.
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) return;
  std::setlocale(LC_CTYPE, "");
  if (newterm(nullptr, stdout, stdin) == nullptr) return;
  ok_ = true;
  cbreak();
  noecho();
  nodelay(stdscr, TRUE);
  keypad(stdscr, TRUE);
  curs_set(0);
  if (has_colors() && std::getenv("NO_COLOR") == nullptr) {
    start_color();
    use_default_colors();
    init_pair(1, COLOR_RED, -1);
    init_pair(2, COLOR_YELLOW, -1);
    init_pair(3, COLOR_GREEN, -1);
  }
}

Screen::~Screen() {
  if (ok_) endwin();
}

void Screen::draw(const std::string& text, const std::string& status_line) {
  const auto lines = split(text, '\n');
  lines_ = lines.size();
  const auto room = static_cast<std::size_t>(std::max(1, LINES - 1));
  top_ = std::min(top_, lines_ > room ? lines_ - room : 0);
  erase();
  for (std::size_t i = 0; i < room && top_ + i < lines.size(); ++i) {
    const auto line = without_tabs(lines[top_ + i]);
    const auto style = attribute_of(line);
    attron(style);
    mvaddnstr(static_cast<int>(i), 0, line.c_str(), COLS);
    attroff(style);
  }
  attron(A_REVERSE);
  mvhline(LINES - 1, 0, ' ', COLS);
  mvaddnstr(LINES - 1, 0, status_line.c_str(), COLS);
  attroff(A_REVERSE);
  refresh();
}

void Screen::resize() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) resizeterm(size.ws_row, size.ws_col);
}

int Screen::key(bool& redraw) {
  for (;;) {
    const int k = getch();
    switch (k) {
      case ERR: return -1;
      case KEY_RESIZE: redraw = true; break;
      case KEY_DOWN: ++top_; redraw = true; break;
      case KEY_UP: top_ -= top_ > 0 ? 1 : 0; redraw = true; break;
      case KEY_NPAGE: top_ += static_cast<std::size_t>(std::max(1, LINES - 2)); redraw = true; break;
      case KEY_PPAGE: top_ -= std::min(top_, static_cast<std::size_t>(std::max(1, LINES - 2))); redraw = true; break;
      case KEY_HOME: top_ = 0; redraw = true; break;
      default: return k;
    }
  }
}

}  // namespace relevo::cli::mon
