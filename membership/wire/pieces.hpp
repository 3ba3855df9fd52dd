// The messages in a frame, as they stand in its bytes: one buffer, shared by everybody who keeps the frame.
// Nothing here knows of headers; codec.hpp reads and writes those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "common/base/bytes.hpp"

namespace relevo::wire {

/// Bytes before the data of each piece: flags, and the length as u16.
constexpr std::size_t piece_header = 3;

/// A part of a message, or all of it when both flags are set. For building frames by hand.
struct Piece {
  bool first = true;
  bool last = true;
  Bytes data;
  bool operator==(const Piece&) const = default;
};

/// A piece inside a frame. Lifetime: that of any copy of the Pieces it came from.
struct PieceView {
  bool first = true;
  bool last = true;
  BytesView data;
};

/// A sequence of pieces in their encoded form. Copies share the bytes; nobody changes them.
class Pieces {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = PieceView;
    using difference_type = std::ptrdiff_t;
    using pointer = const PieceView*;
    using reference = PieceView;
    PieceView operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    friend class Pieces;
    explicit Iterator(BytesView rest) : rest_(rest) {}
    BytesView rest_;
  };

  Pieces() = default;
  Pieces(std::initializer_list<Piece> pieces);
  /// The pieces that fill `buffer` from `offset` to its end; `count` of them, well-formed (see is_well_formed).
  Pieces(std::shared_ptr<const Bytes> buffer, std::size_t offset, std::size_t count);

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] Iterator begin() const { return Iterator(encoded()); }
  [[nodiscard]] Iterator end() const { return Iterator({}); }
  /// As they stand in a frame, without the count.
  [[nodiscard]] BytesView encoded() const;
  /// The buffer they are the end of; null when empty.
  [[nodiscard]] const std::shared_ptr<const Bytes>& buffer() const { return buffer_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  void clear() { *this = {}; }
  bool operator==(const Pieces& other) const;

 private:
  std::shared_ptr<const Bytes> buffer_;
  std::size_t offset_ = 0;
  std::size_t count_ = 0;
};

/// Appends one piece. Its data has at most 65,535 bytes.
void append_piece(Bytes& out, bool first, bool last, BytesView data);

/// True when `bytes` are exactly `count` pieces with known flags.
[[nodiscard]] bool is_well_formed(BytesView bytes, std::size_t count);

}  // namespace relevo::wire
