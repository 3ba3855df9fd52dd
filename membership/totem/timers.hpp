// The ring's deadlines, one a timer. Only the table: what an expiry means is in ring.cpp.
#pragma once

#include <array>
#include <optional>

#include "common/base/time.hpp"

namespace relevo::totem {

/// In the order in which timers that are due together fire.
enum class TimerId : std::uint8_t { token_loss, token_retransmit, hold, cancel, join, consensus, merge, settle };
constexpr std::size_t timer_count = 8;

class Timers {
 public:
  void arm(TimerId id, Instant at) { at_[index(id)] = at; }
  void stop(TimerId id) { at_[index(id)].reset(); }
  void stop_all() { at_.fill(std::nullopt); }
  [[nodiscard]] bool is_armed(TimerId id) const { return at_[index(id)].has_value(); }
  /// True once for a deadline that has come.
  bool take_due(TimerId id, Instant now) {
    auto& at = at_[index(id)];
    if (!at || *at > now) return false;
    at.reset();
    return true;
  }
  [[nodiscard]] std::optional<Instant> next() const {
    std::optional<Instant> first;
    for (const auto& at : at_)
      if (at && (!first || *at < *first)) first = at;
    return first;
  }

 private:
  static std::size_t index(TimerId id) { return static_cast<std::size_t>(id); }
  std::array<std::optional<Instant>, timer_count> at_{};
};

}  // namespace relevo::totem
