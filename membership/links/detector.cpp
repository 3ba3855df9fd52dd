// Integer arithmetic only: the same arrivals give the same verdict on every machine.
#include "membership/links/detector.hpp"

#include <algorithm>

namespace relevo::links {

namespace {
constexpr int max_hints = 3;
constexpr int ceiling_factor = 10;  ///< the time-out grows to this many floors at most
}  // namespace

Detector::Detector(Duration interval, Duration floor) : interval_(interval), floor_(floor), mean_(interval) {}

void Detector::start(Instant now) {
  last_ = last_regular_ = now;
  hints_ = 0;
  deadline_ = now + timeout();
}

void Detector::sign(Instant now, bool regular) {
  if (regular) {
    learn(now - last_regular_);
    last_regular_ = now;
  }
  last_ = now;
  hints_ = 0;
  deadline_ = now + timeout();
}

void Detector::learn(Duration gap) {
  // One monstrous gap (the one that almost cost the path) must not blind the detector for minutes.
  gap = std::clamp(gap, Duration{0}, floor_ * ceiling_factor);
  const auto error = gap > mean_ ? gap - mean_ : mean_ - gap;
  deviation_ += (error - deviation_) / 16;
  mean_ += (gap - mean_) / 16;
}

Duration Detector::timeout() const {
  // Room for some lost signs in a row, plus what the jitter asks for.
  return std::clamp(mean_ * 4 + deviation_ * 6, floor_, floor_ * ceiling_factor);
}

void Detector::hint(Instant now) {
  if (now - last_ <= interval_ * 2 || hints_ >= max_hints || deadline_ <= now) return;
  ++hints_;
  deadline_ = now + (deadline_ - now) / 2;
}

void Detector::excuse(Duration late, Instant now) {
  last_ = std::min(now, last_ + late);
  last_regular_ = std::min(now, last_regular_ + late);
  deadline_ += late;
}

}  // namespace relevo::links
