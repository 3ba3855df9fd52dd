// Where secrets that must not repeat come from; handed in, because a pure room has no random source.
#pragma once

#include <cstdint>
#include <span>

namespace relevo::seal {

/// Nonces, challenges and incarnations: libsodium in the daemon, a seed in tests.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t number() {
    std::uint8_t raw[8] = {};
    fill(raw);
    std::uint64_t v = 0;
    for (int i = 0; i < 8; ++i) v |= static_cast<std::uint64_t>(raw[i]) << (8 * i);
    return v;
  }
};

}  // namespace relevo::seal
