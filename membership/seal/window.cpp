// The window's arithmetic: 64-bit numbers never wrap in practice, so plain comparisons do.
#include "membership/seal/window.hpp"

namespace relevo::seal {

bool ReplayWindow::is_fresh(std::uint64_t sequence) const {
  if (sequence > newest_) return true;
  if (newest_ - sequence >= width) return false;
  return !seen_.test(sequence % width);
}

void ReplayWindow::mark(std::uint64_t sequence) {
  if (sequence > newest_) {
    if (sequence - newest_ >= width) {
      seen_.reset();
    } else {
      for (auto n = newest_ + 1; n < sequence; ++n) seen_.reset(n % width);
    }
    newest_ = sequence;
  }
  if (newest_ - sequence < width) seen_.set(sequence % width);
}

}  // namespace relevo::seal
