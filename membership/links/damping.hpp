// How long a path that comes back must be good before it carries traffic: nothing at first, more and more for one that
// keeps coming and going. Arithmetic only; the path's states are contact.cpp.
#pragma once

#include <algorithm>

#include "common/base/time.hpp"

namespace relevo::links {

/// Each loss of the path raises a level, each quiet 10 s lower it again. The first two returns are free; then the
/// probation doubles from 250 ms to 8 s at most. Source: the idea of RFC 2439, with levels instead of a decaying sum.
class Damping {
 public:
  static constexpr Duration first = 250ms, longest = 8s, quiet = 10s;
  static constexpr int free_levels = 2, top_level = 8;

  /// The path was lost.
  void lost(Instant now) {
    decay(now);
    level_ = std::min(level_ + 1, top_level);
    since_ = now;
  }
  /// The peer was restarted: its path did not flap.
  void forget() { level_ = 0; }

  /// The probation that a return at `now` has to serve.
  [[nodiscard]] Duration probation(Instant now) const {
    auto copy = *this;
    copy.decay(now);
    if (copy.level_ <= free_levels) return {};
    return std::min(longest, first * (1 << (copy.level_ - free_levels - 1)));
  }

 private:
  void decay(Instant now) {
    const auto steps = (now - since_) / quiet;
    if (steps <= 0) return;
    level_ = steps >= level_ ? 0 : level_ - static_cast<int>(steps);
    since_ += quiet * steps;
  }

  int level_ = 0;
  Instant since_{};  ///< of the last loss, moved forward by what has decayed
};

}  // namespace relevo::links
