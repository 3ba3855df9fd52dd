// The failure detector of one direction of one path: how long a silence is too long, learned from what was seen.
#pragma once

#include "common/base/time.hpp"

namespace relevo::links {

/// How often signs come on a path, and the bounds of the silence that is a verdict.
struct Pace {
  Duration interval{};  ///< between two heartbeats
  Duration floor{};     ///< of the time-out; at least 2.5 intervals
  Duration ceiling{};   ///< of the time-out; at least the floor
  bool operator==(const Pace&) const = default;
};

/// Signs of life come at a known pace; the time-out follows their measured spacing between a floor and a ceiling.
/// Source: the mean and deviation estimator of RFC 6298, applied to the gaps between signs.
class Detector {
 public:
  explicit Detector(const Pace& pace) : pace_(pace), mean_(pace.interval) {}

  /// Another pace from now on. Silence so far counts. A shorter time-out comes in steps with the signs that follow,
  /// because the peer may still beat at the old pace for a moment.
  void set_pace(const Pace& pace);
  /// The path came up: counting starts, what was learned before stays.
  void start(Instant now);
  /// A sign of life. `regular` ones come at the pace and teach; others (data, answers out of turn) only prove.
  void sign(Instant now, bool regular);
  /// The network says that the peer is not there: what is left of the wait is halved, but only after more than
  /// two intervals of silence, and only three times a silence, so that forged hints cannot cut a living path.
  void hint(Instant now);
  /// This process itself was not scheduled for `late`: the peer is not to blame for that time.
  void excuse(Duration late, Instant now);

  [[nodiscard]] Duration timeout() const;
  /// The instant at which silence becomes a verdict.
  [[nodiscard]] Instant deadline() const { return deadline_; }
  /// When the last sign came; what was excused is added.
  [[nodiscard]] Instant last() const { return last_; }

 private:
  void learn(Duration gap);

  Pace pace_;
  Duration mean_, deviation_{};
  Duration ease_{};         ///< what is left of the time-out of an earlier pace
  Instant last_{};          ///< last sign, moved forward by excuses
  Instant last_regular_{};  ///< last sign that taught
  Instant deadline_{};
  int hints_ = 0;
};

}  // namespace relevo::links
