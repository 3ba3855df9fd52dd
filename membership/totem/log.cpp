// Keeping, finding and releasing the frames of one ring.
#include "membership/totem/log.hpp"

#include <algorithm>

namespace relevo::totem {

bool Log::insert(wire::Mcast frame) {
  const auto seq = frame.seq.value;
  if (seq <= aru_ || seq - released_ > limit_) return false;
  // The next in order is always taken: refusing it would keep the rest for ever.
  if (seq != aru_ + 1 && bytes_ >= max_bytes_) return false;
  const auto place = seq - released_ - 1;
  if (place >= slots_.size()) slots_.resize(place + 1);
  auto& slot = slots_[place];
  if (slot) return false;
  bytes_ += frame.pieces.encoded().size();
  slot = std::move(frame);
  ++held_;
  while (aru_ - released_ < slots_.size() && slots_[aru_ - released_]) ++aru_;
  return true;
}

const wire::Mcast* Log::find(MessageSeq seq) const {
  if (seq.value <= released_ || seq.value - released_ > slots_.size()) return nullptr;
  const auto& slot = slots_[seq.value - released_ - 1];
  return slot ? &*slot : nullptr;
}

void Log::release(MessageSeq seq) {
  const auto end = std::min(seq.value, aru_);
  while (released_ < end) {
    bytes_ -= slots_.front()->pieces.encoded().size();
    slots_.pop_front();
    ++released_;
    --held_;
  }
}

}  // namespace relevo::totem
