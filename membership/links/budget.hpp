// Token buckets for what strangers can make this node do. Arithmetic only.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/time.hpp"

namespace relevo::links {

/// A bucket of `size` units that fills with `per_second`; starts full.
class Budget {
 public:
  constexpr Budget(std::int64_t per_second, std::int64_t size) : per_second_(per_second), size_(size), left_(size) {}

  [[nodiscard]] bool is_spent(Instant now) {
    fill(now);
    return left_ <= 0;
  }
  /// May go below zero once: then nothing is left until that is paid back.
  void spend(std::int64_t units) { left_ = std::max(left_ - units, -size_); }

 private:
  void fill(Instant now) {
    const auto gone = std::min<Duration>(now - filled_, 10s);
    const auto units = gone.count() * per_second_ / 1'000'000'000;
    if (units <= 0) return;
    left_ = std::min(left_ + units, size_);
    filled_ = now;
  }

  std::int64_t per_second_, size_, left_;
  Instant filled_{};
};

}  // namespace relevo::links
