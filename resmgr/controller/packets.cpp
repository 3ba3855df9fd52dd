// Splitting and joining of long messages. One byte in front of each piece: bit 0 = first, bit 1 = last.
#include "resmgr/controller/packets.hpp"

#include <algorithm>

namespace relevo::controller {
namespace {
constexpr std::uint8_t first_bit = 1;
constexpr std::uint8_t last_bit = 2;
constexpr std::size_t max_message = 256U << 20;
}  // namespace

std::vector<Bytes> to_pieces(Bytes message, std::size_t limit) {
  std::vector<Bytes> pieces;
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(limit, message.size() - at);
    Bytes piece;
    piece.reserve(size + 1);
    const bool last = at + size == message.size();
    piece.push_back(static_cast<std::uint8_t>((at == 0 ? first_bit : 0) | (last ? last_bit : 0)));
    const auto begin = message.begin() + static_cast<std::ptrdiff_t>(at);
    piece.insert(piece.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    pieces.push_back(std::move(piece));
    at += size;
  } while (at < message.size());
  return pieces;
}

std::optional<Bytes> Assembler::take(const groups::Member& from, BytesView piece) {
  if (piece.empty() || piece[0] > (first_bit | last_bit)) return std::nullopt;
  const bool first = (piece[0] & first_bit) != 0;
  const bool last = (piece[0] & last_bit) != 0;
  const auto body = piece.subspan(1);
  if (first && last) return Bytes(body.begin(), body.end());
  if (first) begun_[from].clear();
  const auto found = begun_.find(from);
  if (found == begun_.end() || found->second.size() + body.size() > max_message) return std::nullopt;
  found->second.insert(found->second.end(), body.begin(), body.end());
  if (!last) return std::nullopt;
  auto whole = std::move(found->second);
  begun_.erase(found);
  return whole;
}

}  // namespace relevo::controller
