// Messages waiting to be sent: packs small ones into a frame and cuts large ones. It gives out no sequence numbers.
#pragma once

#include <deque>
#include <memory>

#include "membership/groups/types.hpp"
#include "membership/wire/packet.hpp"

namespace relevo::totem {

/// What goes into one Mcast.
struct FrameContent {
  bool safe = false;
  /// The frame as it will be sent, but for its header: wire::fresh_mcast_header bytes that are not yet written.
  std::shared_ptr<Bytes> image;
  std::size_t pieces = 0;
};

class SendQueue {
 public:
  SendQueue(std::size_t max_bytes, std::size_t max_messages) : max_bytes_(max_bytes), max_messages_(max_messages) {}

  /// Moves the payload in. False: full, and the payload is untouched. An empty queue takes any message.
  [[nodiscard]] bool push(Bytes&& payload, groups::Guarantee guarantee);
  [[nodiscard]] bool empty() const { return messages_.empty(); }
  [[nodiscard]] std::size_t messages() const { return messages_.size(); }
  /// Of the messages, those sent in part whole.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// About how many bytes of frames the queue will still need, for flow control.
  [[nodiscard]] std::size_t to_send() const { return bytes_ - offset_ + messages_.size() * wire::piece_header; }
  /// The next frame: as much as fits of messages that ask for the same guarantee, so that the frame has at most `size`
  /// bytes even when it is sent again in recovery. Call only when not empty, with at least wire::min_frame.
  FrameContent next_frame(std::size_t size);
  /// A message that was sent in part starts anew: its pieces on the old ring are worth nothing on the new one.
  void rewind() { offset_ = 0; }
  /// From now on. What is queued stays, even when it is more.
  void set_limits(std::size_t max_bytes, std::size_t max_messages) {
    max_bytes_ = max_bytes;
    max_messages_ = max_messages;
  }

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
