// Packing and cutting. A frame ends where the guarantee changes, so that agreed messages never wait as safe ones do.
#include "membership/totem/send_queue.hpp"

#include <algorithm>

namespace relevo::totem {

bool SendQueue::push(Bytes&& payload, groups::Guarantee guarantee) {
  const bool full = messages_.size() >= max_messages_ || bytes_ + payload.size() > max_bytes_;
  if (full && !messages_.empty()) return false;
  bytes_ += payload.size();
  messages_.push_back({std::move(payload), guarantee});
  return true;
}

FrameContent SendQueue::next_frame(std::size_t size) {
  FrameContent frame;
  frame.safe = messages_.front().guarantee == groups::Guarantee::safe;
  std::size_t room = size - wire::mcast_header;
  frame.image = std::make_shared<Bytes>();
  frame.image->reserve(wire::fresh_mcast_header + std::min(room, to_send()));
  frame.image->resize(wire::fresh_mcast_header);
  while (!messages_.empty() && room > wire::piece_header) {
    const auto& message = messages_.front();
    if ((message.guarantee == groups::Guarantee::safe) != frame.safe) break;
    const auto left = message.payload.size() - offset_;
    const auto take = std::min(left, room - wire::piece_header);
    wire::append_piece(*frame.image, offset_ == 0, take == left, BytesView(message.payload).subspan(offset_, take));
    ++frame.pieces;
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
