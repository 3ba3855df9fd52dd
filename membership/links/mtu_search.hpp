// The search for the largest UDP payload that passes a path, as arithmetic over probes. Frames are probes.cpp's matter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/base/time.hpp"

namespace relevo::links {

/// Finds the largest payload of one path and keeps finding it: round after round it proves the size in use, then tries
/// larger ones. Sizes are UDP payloads in bytes.
/// Source: RFC 8899 (packetization layer path MTU discovery): a base that always works, probes, black-hole detection.
class MtuSearch {
 public:
  struct Limits {
    std::size_t base = 1232;       ///< assumed before anything is proven: IPv6's least MTU less its headers
    std::size_t least = 508;       ///< below this nothing is tried
    std::size_t most = 65'100;     ///< above this nothing is of use
    std::size_t headers = 28;      ///< IP and UDP headers of this family
    std::size_t fixed = 0;         ///< set by hand: no search
    Duration interval = 30s;       ///< between two rounds
    bool operator==(const Limits&) const = default;
  };

  explicit MtuSearch(const Limits& limits) : limits_(limits), size_(start_size()), high_(limits.most + 1) {}

  /// Other limits: the search starts anew from what is in use as far as that is still allowed.
  void set_limits(const Limits& limits, Instant now);
  /// The path came up: a round starts at once.
  void start(Instant now);
  void stop() { next_.reset(); }
  /// Nothing is asked before `when`; an answer that is waited for may still come.
  void postpone(Instant when) { if (next_) next_ = std::max(*next_, when); }

  /// The size to probe now, if a probe is due. `wait` is how long an answer may take.
  [[nodiscard]] std::optional<std::size_t> probe(Instant now, Duration wait);
  [[nodiscard]] std::optional<Instant> next() const { return next_; }

  /// A probe of `size` passed.
  void passed(std::size_t size, Instant now);
  /// This host's own kernel sends nothing larger than `size` on this path: certain, for now. One less than the probe
  /// under way means that only its refusal is known.
  void refused(std::size_t size, Instant now);
  /// A router says so: only a reason to prove the size in use again.
  void doubted(Instant now);
  /// Traffic that is larger than the base left: whether it arrives is worth proving, twice a second at most.
  void large_frame_sent(Instant now);

  /// The largest payload that is known to pass (the base until then).
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  enum class Phase : std::uint8_t { prove, climb, rest };

  [[nodiscard]] std::size_t start_size() const { return limits_.fixed != 0 ? limits_.fixed : limits_.base; }
  void begin_round(Instant now);
  void lost(Instant now);
  void climb(Instant now);
  [[nodiscard]] std::optional<std::size_t> next_size() const;
  void rest(Instant now);

  Limits limits_;
  std::size_t size_;                ///< in use
  std::size_t low_ = 0, high_;      ///< largest that passed, smallest that did not: the answer lies between
  std::size_t wall_ = 0;            ///< where the last search ended: nothing from here on passed
  std::size_t told_ = 0;            ///< what this host's kernel named as its limit
  std::size_t probing_ = 0;         ///< asked about now
  int tries_ = 0;
  Phase phase_ = Phase::rest;
  std::optional<Instant> next_;     ///< of the next probe, or of the verdict on the one under way
  Instant proven_at_{};             ///< when the size in use was last seen to pass
};

}  // namespace relevo::links
