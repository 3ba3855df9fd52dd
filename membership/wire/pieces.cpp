// Walking over encoded pieces. Only is_well_formed meets bytes that are not known to be right.
#include "membership/wire/pieces.hpp"

#include <algorithm>

namespace relevo::wire {
namespace {
constexpr std::uint8_t first_flag = 1;
constexpr std::uint8_t last_flag = 2;

std::size_t length_at(BytesView bytes) { return static_cast<std::size_t>(bytes[1] | bytes[2] << 8); }
}  // namespace

PieceView Pieces::Iterator::operator*() const {
  return {(rest_[0] & first_flag) != 0, (rest_[0] & last_flag) != 0, rest_.subspan(piece_header, length_at(rest_))};
}

Pieces::Iterator& Pieces::Iterator::operator++() {
  rest_ = rest_.subspan(piece_header + length_at(rest_));
  return *this;
}

Pieces::Pieces(std::initializer_list<Piece> pieces) : count_(pieces.size()) {
  auto buffer = std::make_shared<Bytes>();
  for (const auto& piece : pieces) append_piece(*buffer, piece.first, piece.last, piece.data);
  if (count_ > 0) buffer_ = std::move(buffer);
}

Pieces::Pieces(std::shared_ptr<const Bytes> buffer, std::size_t offset, std::size_t count)
    : buffer_(std::move(buffer)), offset_(offset), count_(count) {}

BytesView Pieces::encoded() const { return buffer_ ? BytesView(*buffer_).subspan(offset_) : BytesView{}; }

bool Pieces::operator==(const Pieces& other) const { return std::ranges::equal(encoded(), other.encoded()); }

void append_piece(Bytes& out, bool first, bool last, BytesView data) {
  const auto flags = (first ? first_flag : 0) | (last ? last_flag : 0);
  const std::uint8_t header[piece_header] = {static_cast<std::uint8_t>(flags), static_cast<std::uint8_t>(data.size()),
                                             static_cast<std::uint8_t>(data.size() >> 8)};
  out.insert(out.end(), header, header + piece_header);
  out.insert(out.end(), data.begin(), data.end());
}

bool is_well_formed(BytesView bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (bytes.size() < piece_header || bytes[0] > (first_flag | last_flag)) return false;
    const auto size = piece_header + length_at(bytes);
    if (bytes.size() < size) return false;
    bytes = bytes.subspan(size);
  }
  return bytes.empty();
}

}  // namespace relevo::wire
