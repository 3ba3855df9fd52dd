// Puts the pieces of messages together again, one message a sender at a time. Memory is used only while one is open.
#pragma once

#include <map>
#include <optional>

#include "common/base/ids.hpp"
#include "membership/wire/pieces.hpp"

namespace relevo::totem {

class Assembler {
 public:
  /// The whole message when this piece ends one. A piece that continues nothing is dropped until a message begins.
  std::optional<Bytes> add(NodeId sender, const wire::PieceView& piece);
  /// A configuration ends: what is not complete will be sent anew by whoever lives.
  void clear() { open_.clear(); }
  [[nodiscard]] std::size_t open() const { return open_.size(); }

 private:
  std::map<NodeId, Bytes> open_;
};

}  // namespace relevo::totem
