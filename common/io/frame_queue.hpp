// Frames that wait until the kernel takes them: small ones share a chunk, so that one system call takes many. No socket.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <deque>
#include <span>

#include "common/base/bytes.hpp"

namespace relevo::io {

/// What an end of a local socket has not yet handed to the kernel, in order.
class FrameQueue {
 public:
  /// Appends `head` and `body` as one frame, without their first `skip` bytes: those are on their way already.
  void add(BytesView head, BytesView body, std::size_t skip = 0);
  [[nodiscard]] bool empty() const { return chunks_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Describes the oldest bytes for one sendmsg call. Gives the number of pieces.
  std::size_t pieces(std::span<iovec> out) const;
  /// The kernel took that many of the oldest bytes.
  void taken(std::size_t n);
  /// Forgets whole frames, all but the oldest chunk, of which a part may be on its way.
  void drop_waiting();
  void clear();

 private:
  std::deque<Bytes> chunks_;
  std::size_t offset_ = 0;  // of the first
  std::size_t bytes_ = 0;
  Bytes spare_;             // the memory of a chunk that is done, for the next
};

}  // namespace relevo::io
