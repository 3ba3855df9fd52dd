// The failure detector of one direction of one path: how long a silence is too long, learned from what was seen.
#pragma once

#include "common/base/time.hpp"

namespace relevo::links {

/// Signs of life come at a known pace; the time-out follows their measured spacing and never falls below a floor.
/// Source: the mean and deviation estimator of RFC 6298, applied to the gaps between signs.
class Detector {
 public:
  Detector(Duration interval, Duration floor);

  /// The path came up: counting starts, what was learned before stays.
  void start(Instant now);
  /// A sign of life. `regular` ones come at the pace and teach; others (data) only prove.
  void sign(Instant now, bool regular);
  /// The network says that the peer is not there: what is left of the wait is halved, but only after more than
  /// two intervals of silence, and only three times a silence, so that forged hints cannot cut a living path.
  void hint(Instant now);
  /// This process itself was not scheduled for `late`: the peer is not to blame for that time.
  void excuse(Duration late, Instant now);

  [[nodiscard]] Duration timeout() const;
  /// The instant at which silence becomes a verdict.
  [[nodiscard]] Instant deadline() const { return deadline_; }

 private:
  void learn(Duration gap);

  Duration interval_, floor_;
  Duration mean_, deviation_{};
  Instant last_{};          ///< last sign, moved forward by excuses
  Instant last_regular_{};  ///< last sign that taught
  Instant deadline_{};
  int hints_ = 0;
};

}  // namespace relevo::links
