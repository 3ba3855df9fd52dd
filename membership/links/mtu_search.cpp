// Rounds: prove the size in use; then the sizes that networks are known to have, from the largest; then halving.
#include "membership/links/mtu_search.hpp"

#include <array>

namespace relevo::links {

namespace {
constexpr std::size_t known_mtus[] = {9'000, 1'500, 1'420, 1'400};
constexpr std::size_t exact_enough = 8;     ///< bytes between what passes and what does not
constexpr int tries_to_prove = 4, tries_to_climb = 3;
constexpr Duration between_proofs = 500ms;  ///< of a size that carries traffic
}  // namespace

void MtuSearch::set_limits(const Limits& limits, Instant now) {
  if (limits == limits_) return;
  const bool running = next_.has_value() || limits_.fixed != 0;
  limits_ = limits;
  size_ = limits.fixed != 0 ? limits.fixed : std::clamp(size_, limits.least, limits.most);
  wall_ = told_ = 0;
  next_.reset();
  if (running) start(now);
}

void MtuSearch::start(Instant now) {
  if (limits_.fixed != 0) return;
  wall_ = 0;
  begin_round(now);
}

/// With a wall from before, only what lies just above it is tried again; without one, everything.
void MtuSearch::begin_round(Instant now) {
  phase_ = Phase::prove;
  low_ = 0;
  high_ = limits_.most + 1;
  probing_ = size_;
  tries_ = 0;
  next_ = now;
}

std::optional<std::size_t> MtuSearch::probe(Instant now, Duration wait) {
  if (!next_ || now < *next_) return std::nullopt;
  if (phase_ == Phase::rest) begin_round(now);
  if (tries_ >= (phase_ == Phase::prove ? tries_to_prove : tries_to_climb)) lost(now);
  if (!next_ || now < *next_) return std::nullopt;
  ++tries_;
  next_ = now + wait;
  return probing_;
}

/// No answer to any try at this size.
void MtuSearch::lost(Instant now) {
  high_ = std::min(high_, probing_);
  if (phase_ == Phase::climb) return climb(now);
  // A black hole: what is in use does not pass any more. On with what always works, then the search for the new limit.
  wall_ = 0;
  if (size_ > limits_.base) {
    size_ = probing_ = limits_.base;
  } else {
    // Not even that; heartbeats pass, so something does.
    size_ = low_ = limits_.least;
    return climb(now);
  }
  tries_ = 0;
  next_ = now;
}

void MtuSearch::passed(std::size_t size, Instant now) {
  if (!next_ || phase_ == Phase::rest || size != probing_) return;
  proven_at_ = now;
  if (phase_ == Phase::climb && wall_ != 0 && size >= wall_) wall_ = 0;  // it is gone: look at everything above
  low_ = std::max(low_, size);
  size_ = low_;
  climb(now);
}

void MtuSearch::climb(Instant now) {
  phase_ = Phase::climb;
  const auto size = next_size();
  if (!size) return rest(now);
  probing_ = *size;
  tries_ = 0;
  next_ = now;
}

std::optional<std::size_t> MtuSearch::next_size() const {
  const auto open = [&](std::size_t size) { return size > low_ && size < high_; };
  if (wall_ != 0) {
    const auto above = std::min(wall_ + exact_enough, limits_.most);
    return open(above) && low_ < wall_ ? std::optional(above) : std::nullopt;
  }
  if (open(limits_.most)) return limits_.most;
  if (open(told_)) return told_;
  for (const auto mtu : known_mtus)
    if (open(mtu - limits_.headers)) return mtu - limits_.headers;
  if (high_ - low_ <= exact_enough) return std::nullopt;
  return low_ + (high_ - low_) / 2;
}

void MtuSearch::rest(Instant now) {
  phase_ = Phase::rest;
  size_ = std::max(low_, limits_.least);
  if (wall_ == 0 && high_ <= limits_.most) wall_ = high_;
  next_ = now + limits_.interval;
}

void MtuSearch::refused(std::size_t size, Instant now) {
  if (limits_.fixed != 0 || !next_) return;
  size = std::clamp(size, limits_.least, limits_.most);
  if (size + 1 != probing_) told_ = size;  // less by one only says that the probe itself was refused
  high_ = std::min(high_, size + 1);
  if (size_ > size) {
    size_ = size;
    begin_round(now);
    high_ = size + 1;
  } else if (phase_ == Phase::climb && probing_ > size) {
    climb(now);
  }
}

void MtuSearch::doubted(Instant now) {
  if (phase_ == Phase::rest && next_) begin_round(now);
}

void MtuSearch::large_frame_sent(Instant now) {
  if (phase_ == Phase::rest && next_ && now - proven_at_ >= between_proofs) begin_round(now);
}

}  // namespace relevo::links
