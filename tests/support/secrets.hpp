// Randomness and keys that are the same in every run, for the tests of whatever seals. Nothing here is secret.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>

#include "common/base/rng.hpp"
#include "membership/seal/keys.hpp"
#include "membership/seal/random.hpp"

namespace relevo::test {

/// Nonces, challenges and incarnations from a seed.
class SeededRandom : public seal::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : rng_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>(rng_.next());
  }

 private:
  Rng rng_;
};

/// The bytes first, first + 1, ...: another secret for each `first`.
inline seal::Secret secret_of(std::uint8_t first, std::size_t size = 32) {
  seal::Secret s(size);
  for (std::size_t i = 0; i < size; ++i) s.data()[i] = static_cast<std::uint8_t>(first + i);
  return s;
}

/// A key as of an authkey file of 64 such bytes.
inline seal::AuthKey key_of(std::uint8_t first) {
  auto key = seal::read_authkey(secret_of(first, 64).view(), "key");
  if (!key) std::abort();
  return std::move(*key);
}

}  // namespace relevo::test
