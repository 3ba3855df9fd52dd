// Messages waiting to be sent: packs small ones into a frame and cuts large ones. It gives out no sequence numbers.
#pragma once

#include <deque>
#include <vector>

#include "membership/groups/types.hpp"
#include "membership/wire/packet.hpp"

namespace relevo::totem {

/// What goes into one Mcast.
struct FrameContent {
  bool safe = false;
  std::vector<wire::Piece> pieces;
};

class SendQueue {
 public:
  SendQueue(std::size_t max_bytes, std::size_t max_messages) : max_bytes_(max_bytes), max_messages_(max_messages) {}

  /// False: full, the message was not taken. An empty queue takes any message.
  [[nodiscard]] bool push(Bytes payload, groups::Guarantee guarantee);
  [[nodiscard]] bool empty() const { return messages_.empty(); }
  [[nodiscard]] std::size_t messages() const { return messages_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// About how many frames the queue will need, for flow control.
  [[nodiscard]] std::uint32_t frames() const;
  /// The next frame: as much as fits of messages that ask for the same guarantee. Call only when not empty.
  FrameContent next_frame();
  /// A message that was sent in part starts anew: its pieces on the old ring are worth nothing on the new one.
  void rewind() { offset_ = 0; }

 private:
  struct Message {
    Bytes payload;
    groups::Guarantee guarantee;
  };
  std::deque<Message> messages_;
  std::size_t offset_ = 0;  // bytes of the front message already given out
  std::size_t bytes_ = 0;
  std::size_t max_bytes_;
  std::size_t max_messages_;
};

}  // namespace relevo::totem
