// Integer arithmetic only: the same arrivals give the same verdict on every machine.
#include "membership/links/detector.hpp"

#include <algorithm>

namespace relevo::links {

namespace {
constexpr int max_hints = 3;
}  // namespace

void Detector::set_pace(const Pace& pace) {
  if (pace == pace_) return;
  const auto before = timeout();
  if (pace.interval != pace_.interval) {
    mean_ = pace.interval;
    deviation_ = {};
  }
  pace_ = pace;
  ease_ = before > timeout() ? before : Duration{};
  deadline_ = std::max(deadline_, last_ + timeout());
}

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
  gap = std::clamp(gap, Duration{0}, pace_.ceiling);
  // Early is no jitter: peers beat up to half an interval early to fall into step.
  const auto expected = std::max(pace_.interval, mean_);
  const auto error = gap > expected ? gap - expected : Duration{0};
  ease_ -= ease_ / 16;
  deviation_ += (error - deviation_) / 16;
  mean_ += (gap - mean_) / 16;
}

Duration Detector::timeout() const {
  // Room for lost signs in a row, as many as the floor has room for (a missing one is asked for four times as often), plus
  // what the jitter asks for.
  const auto signs = std::clamp<std::int64_t>(pace_.floor / std::max<Duration>(pace_.interval, 1ns), 2, 4);
  return std::max(std::min(std::max<Duration>(mean_ * signs, pace_.floor) + deviation_ * 6, pace_.ceiling), ease_);
}

void Detector::hint(Instant now) {
  if (now - last_ <= pace_.interval * 2 || hints_ >= max_hints || deadline_ <= now) return;
  ++hints_;
  deadline_ = now + (deadline_ - now) / 2;
}

void Detector::excuse(Duration late, Instant now) {
  last_ = std::min(now, last_ + late);
  last_regular_ = std::min(now, last_regular_ + late);
  deadline_ += late;
}

}  // namespace relevo::links
