// Reassembly: total for any sequence of pieces.
#include "membership/totem/assembler.hpp"

#include "membership/totem/ring.hpp"

namespace relevo::totem {

std::optional<Bytes> Assembler::add(NodeId sender, const wire::PieceView& piece) {
  if (piece.first && piece.last) {
    if (!open_.empty()) open_.erase(sender);
    return Bytes(piece.data.begin(), piece.data.end());
  }
  if (piece.first) open_[sender].clear();
  const auto found = open_.find(sender);
  if (found == open_.end()) return std::nullopt;
  auto& data = found->second;
  if (data.size() + piece.data.size() > max_message) {
    open_.erase(found);
    return std::nullopt;
  }
  data.insert(data.end(), piece.data.begin(), piece.data.end());
  if (!piece.last) return std::nullopt;
  Bytes whole = std::move(data);
  open_.erase(found);
  return whole;
}

}  // namespace relevo::totem
