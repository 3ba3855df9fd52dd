// A short fingerprint of a text: tells torn files and diverged replicas, keeps no secret.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace relevo::controller {

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
[[nodiscard]] constexpr std::uint64_t fingerprint(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325ULL) {
  auto hash = seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

/// Sixteen hexadecimal digits and the length, so that an empty file never matches.
[[nodiscard]] inline std::string text_digest(std::string_view text) {
  return fmt::format("{:016x}-{}", fingerprint(text), text.size());
}

}  // namespace relevo::controller
