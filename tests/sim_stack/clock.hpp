// The monotonic clock of one simulated host: it began at its own moment, runs at its own rate, and may have stood still.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"

namespace relevo::sim {

class HostClock {
 public:
  HostClock() = default;
  /// `parts_per_million` is how much faster than true time it runs, below 1,000,000 either way.
  HostClock(Duration began_at, std::int64_t parts_per_million) : began_at_(began_at), ppm_(parts_per_million) {}

  /// What it shows at a true moment.
  [[nodiscard]] Instant at(Instant truth) const {
    const auto run = truth.time_since_epoch() - stood_;
    return Instant{began_at_ + run + Duration{run.count() / 1'000'000 * ppm_}};
  }
  /// The first true moment at which it shows `shown` or later.
  [[nodiscard]] Instant when(Instant shown) const {
    const auto run = (shown.time_since_epoch() - began_at_).count();
    Instant truth{Duration{run - run / (1'000'000 + ppm_) * ppm_} + stood_};
    while (at(truth) < shown) truth += 1us;
    return truth;
  }
  /// The machine as a whole did not run for so long: its clock did not either.
  void stand_still(Duration time) { stood_ += time; }

 private:
  Duration began_at_{};
  std::int64_t ppm_ = 0;
  Duration stood_{};
};

}  // namespace relevo::sim
