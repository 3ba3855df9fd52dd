// Long messages in pieces that the membership layer takes, and back together. A piece never crosses senders.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "common/base/bytes.hpp"
#include "membership/groups/types.hpp"

namespace relevo::controller {

/// Longest piece. The membership layer takes 1 MiB.
inline constexpr std::size_t max_piece = 512U << 10;

/// The message as one or more payloads, to be multicast in this order.
[[nodiscard]] std::vector<Bytes> to_pieces(Bytes message, std::size_t limit = max_piece);

/// One sender's pieces arrive in order; a message whose beginning was not seen is dropped.
class Assembler {
 public:
  /// The whole message when `piece` was its last.
  [[nodiscard]] std::optional<Bytes> take(const groups::Member& from, BytesView piece);
  /// What a member that left had begun.
  void forget(const groups::Member& member) { begun_.erase(member); }
  void clear() { begun_.clear(); }

 private:
  std::map<groups::Member, Bytes> begun_;
};

}  // namespace relevo::controller
