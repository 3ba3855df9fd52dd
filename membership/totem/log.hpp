// The frames of one ring that a node keeps: a window over the sequence numbers with holes. It delivers nothing.
#pragma once

#include <deque>
#include <optional>

#include "membership/wire/packet.hpp"

namespace relevo::totem {

class Log {
 public:
  /// Keeps at most `limit` sequence numbers beyond what was released, and takes frames out of order only while it
  /// holds less than `max_bytes`.
  explicit Log(std::uint64_t limit = 16384, std::size_t max_bytes = std::size_t{64} << 20)
      : limit_(limit), max_bytes_(max_bytes) {}

  /// Takes a frame under its own `seq`. False: known already, released, or beyond the limits.
  bool insert(wire::Mcast frame);
  [[nodiscard]] const wire::Mcast* find(MessageSeq seq) const;
  /// Everything up to here is or was held.
  [[nodiscard]] MessageSeq aru() const { return MessageSeq(aru_); }
  /// The highest ever held.
  [[nodiscard]] MessageSeq high() const { return MessageSeq(released_ + slots_.size()); }
  [[nodiscard]] MessageSeq released() const { return MessageSeq(released_); }
  /// Forgets everything up to `seq`, but never more than up to aru.
  void release(MessageSeq seq);
  /// Frames held.
  [[nodiscard]] std::size_t size() const { return held_; }
  /// Bytes of their messages.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }

 private:
  std::deque<std::optional<wire::Mcast>> slots_;  // [0] is released_ + 1; the last one is never empty
  std::uint64_t released_ = 0;
  std::uint64_t aru_ = 0;
  std::size_t held_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t limit_;
  std::size_t max_bytes_;
};

}  // namespace relevo::totem
