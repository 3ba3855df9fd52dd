// Packing and cutting. A frame ends where the guarantee changes, so that agreed messages never wait as safe ones do.
#include "membership/totem/send_queue.hpp"

#include <algorithm>

namespace relevo::totem {
namespace {
constexpr std::size_t capacity = wire::max_frame - wire::mcast_header;
}

bool SendQueue::push(Bytes payload, groups::Guarantee guarantee) {
  const bool full = messages_.size() >= max_messages_ || bytes_ + payload.size() > max_bytes_;
  if (full && !messages_.empty()) return false;
  bytes_ += payload.size();
  messages_.push_back({std::move(payload), guarantee});
  return true;
}

std::uint32_t SendQueue::frames() const {
  const auto size = bytes_ - offset_ + messages_.size() * wire::piece_header;
  return static_cast<std::uint32_t>((size + capacity - 1) / capacity);
}

FrameContent SendQueue::next_frame() {
  FrameContent frame;
  frame.safe = messages_.front().guarantee == groups::Guarantee::safe;
  std::size_t room = capacity;
  while (!messages_.empty() && room > wire::piece_header) {
    auto& message = messages_.front();
    if ((message.guarantee == groups::Guarantee::safe) != frame.safe) break;
    const auto left = message.payload.size() - offset_;
    const auto take = std::min(left, room - wire::piece_header);
    const auto begin = message.payload.begin() + static_cast<std::ptrdiff_t>(offset_);
    wire::Piece piece{offset_ == 0, take == left, {}};
    piece.data.assign(begin, begin + static_cast<std::ptrdiff_t>(take));
    frame.pieces.push_back(std::move(piece));
    room -= take + wire::piece_header;
    offset_ += take;
    if (take < left) break;
    bytes_ -= message.payload.size();
    messages_.pop_front();
    offset_ = 0;
  }
  return frame;
}

}  // namespace relevo::totem
