// Chunks of whole frames, and how far the first has been sent.
#include "common/io/frame_queue.hpp"

#include <algorithm>
#include <utility>

namespace relevo::io {

namespace {
constexpr std::size_t chunk_size = 64U << 10;

BytesView without(BytesView bytes, std::size_t& skip) {
  const auto n = std::min(skip, bytes.size());
  skip -= n;
  return bytes.subspan(n);
}
}  // namespace

void FrameQueue::add(BytesView head, BytesView body, std::size_t skip) {
  head = without(head, skip);
  body = without(body, skip);
  const auto size = head.size() + body.size();
  if (size == 0) return;
  if (chunks_.empty() || chunks_.back().size() + size > chunk_size) {
    chunks_.push_back(std::exchange(spare_, {}));
    chunks_.back().clear();
    chunks_.back().reserve(std::max(size, chunk_size));
  }
  auto& chunk = chunks_.back();
  chunk.insert(chunk.end(), head.begin(), head.end());
  chunk.insert(chunk.end(), body.begin(), body.end());
  bytes_ += size;
}

std::size_t FrameQueue::pieces(std::span<iovec> out) const {
  std::size_t n = 0;
  for (; n < out.size() && n < chunks_.size(); ++n) {
    const auto from = n == 0 ? offset_ : 0;
    out[n] = {const_cast<std::uint8_t*>(chunks_[n].data()) + from, chunks_[n].size() - from};
  }
  return n;
}

void FrameQueue::taken(std::size_t n) {
  bytes_ -= n;
  offset_ += n;
  while (!chunks_.empty() && offset_ >= chunks_.front().size()) {
    offset_ -= chunks_.front().size();
    if (chunks_.front().capacity() <= 2 * chunk_size) spare_ = std::move(chunks_.front());
    chunks_.pop_front();
  }
}

void FrameQueue::drop_waiting() {
  while (chunks_.size() > 1) {
    bytes_ -= chunks_.back().size();
    chunks_.pop_back();
  }
}

void FrameQueue::clear() {
  chunks_.clear();
  offset_ = bytes_ = 0;
}

}  // namespace relevo::io
