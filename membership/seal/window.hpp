// The sliding window that takes each sequence number once. One for each proven incarnation of a sender.
#pragma once

#include <bitset>
#include <cstdint>

namespace relevo::seal {

/// Remembers the newest number and which of the 1024 up to it came. Everything older counts as seen.
class ReplayWindow {
 public:
  static constexpr std::uint64_t width = 1024;

  /// Everything up to `base` counts as seen: what was recorded before the proof is worthless after it.
  explicit ReplayWindow(std::uint64_t base = 0) : newest_(base) { seen_.set(); }

  /// Whether `sequence` did not come before. Changes nothing, so it may be asked before authentication.
  [[nodiscard]] bool is_fresh(std::uint64_t sequence) const;
  /// Marks `sequence`; only after its frame has proved authentic.
  void mark(std::uint64_t sequence);

 private:
  std::uint64_t newest_;
  std::bitset<width> seen_;  ///< bit n % width stands for number n, for the width numbers up to newest_
};

}  // namespace relevo::seal
