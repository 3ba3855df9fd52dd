// What is counted of one path, for people and tools; no decision hangs on it.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "common/base/time.hpp"

namespace relevo::links {

/// Packets and their bytes (UDP payload).
struct Traffic {
  std::uint64_t packets = 0, bytes = 0;
  void add(std::size_t size) {
    ++packets;
    bytes += size;
  }
};

/// Round trips: the last, the smoothed ones, the extremes.
class Latency {
 public:
  void sample(Duration round_trip) {
    last_ = round_trip;
    if (count_++ == 0) {
      smooth_ = average_ = least_ = most_ = round_trip;
      return;
    }
    const auto error = round_trip - smooth_;
    jitter_ += ((error < Duration{0} ? -error : error) - jitter_) / 16;
    smooth_ += error / 8;
    average_ += (round_trip - average_) / static_cast<std::int64_t>(std::min<std::uint64_t>(count_, 2048));
    least_ = std::min(least_, round_trip);
    most_ = std::max(most_, round_trip);
  }
  [[nodiscard]] bool is_known() const { return count_ != 0; }
  [[nodiscard]] Duration smooth() const { return smooth_; }
  [[nodiscard]] Duration average() const { return average_; }
  [[nodiscard]] Duration least() const { return least_; }
  [[nodiscard]] Duration most() const { return most_; }
  [[nodiscard]] Duration jitter() const { return jitter_; }

 private:
  std::uint64_t count_ = 0;
  Duration last_{}, smooth_{}, average_{}, least_{}, most_{}, jitter_{};
};

/// Which of the peer's last 128 heartbeats on this path came.
class Loss {
 public:
  static constexpr std::uint32_t window = 128;

  /// A new session numbers from 1.
  void restart() { *this = {}; }
  void came(std::uint32_t number) {
    if (number == 0) return;
    if (first_ == 0) first_ = newest_ = number;
    if (number > newest_) {
      const auto gap = std::min(number - newest_, window);
      for (std::uint32_t i = 1; i < gap; ++i) has_.reset((number - i) % window);
      newest_ = number;
    } else if (newest_ - number >= window) {
      return;
    }
    has_.set(number % window);
  }
  /// Of the window, or of what was sent since the session began.
  [[nodiscard]] std::uint32_t permille() const {
    if (newest_ == 0) return 0;
    const auto due = std::min(newest_ - first_ + 1, window);
    std::uint32_t seen = 0;
    for (std::uint32_t i = 0; i < due; ++i) seen += has_.test((newest_ - i) % window) ? 1U : 0U;
    return (due - seen) * 1000 / due;
  }

 private:
  std::bitset<window> has_;
  std::uint32_t first_ = 0, newest_ = 0;
};

struct Meter {
  Traffic sent, received;            ///< everything on this path
  Traffic sent_data, received_data;  ///< ring traffic in it
  std::uint64_t errors = 0;          ///< frames from the peer's address that were refused, packets the kernel refused
  std::uint64_t ups = 0, downs = 0;
  Latency latency;
  Loss loss;
};

}  // namespace relevo::links
