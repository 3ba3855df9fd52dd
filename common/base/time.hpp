// Time as the cores see it: handed in, never asked for.
#pragma once

#include <chrono>
#include <cstdint>

namespace relevo {

using Duration = std::chrono::nanoseconds;
using namespace std::chrono_literals;  // NOLINT: 20ms reads the same everywhere

/// A monotonic clock without now(): only a shell (or the simulator) knows the time.
struct CoreClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CoreClock>;
  static constexpr bool is_steady = true;
};
using Instant = CoreClock::time_point;

/// Wall time: seconds since 1970 UTC. Only for what people and rules see, never for deadlines.
struct WallTime {
  std::int64_t seconds = 0;
  constexpr auto operator<=>(const WallTime&) const = default;
};

/// Whole milliseconds of a duration, towards zero.
constexpr std::int64_t to_ms(Duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); }

}  // namespace relevo
