// Bodies that came in parts, put together again, with memory that is bounded whatever the parts say. Authentication is
// over before a part comes here.
#pragma once

#include <bitset>
#include <cstdint>
#include <list>
#include <map>
#include <optional>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"

namespace relevo::links {

/// Largest body that is taken apart and put together.
constexpr std::size_t max_body = 65'000;

/// One part of a body. All parts but the last have the same size, ceil(total / count), so none can overlap another.
struct Part {
  std::uint64_t body = 0;   ///< the sender's number for the body; grows
  std::uint32_t total = 0;  ///< size of the body
  std::uint8_t index = 0, count = 0;
  BytesView data;
};

constexpr std::size_t part_header = 8 + 4 + 1 + 1;

[[nodiscard]] constexpr std::size_t part_size(std::size_t total, std::size_t count) { return (total + count - 1) / count; }
[[nodiscard]] Bytes encode(const Part& part);
/// Nothing unless the numbers fit each other and the data's size.
[[nodiscard]] std::optional<Part> decode_part(BytesView body);

/// The unfinished bodies of all peers.
class Reassembly {
 public:
  static constexpr std::size_t max_of_peer = 16;  ///< unfinished bodies: at most 1 MiB
  static constexpr std::size_t max_in_all = 64;   ///< at most 4 MiB

  /// The body when `part` was its last missing one. A part that comes twice, or that contradicts an earlier one of the
  /// same body, is dropped; the oldest unfinished body gives way when there are too many.
  [[nodiscard]] std::optional<Bytes> take(NodeId from, const Part& part);
  /// The peer is gone or was restarted: its numbers mean nothing any more.
  void forget(NodeId peer);

  [[nodiscard]] std::size_t unfinished() const { return bodies_.size(); }
  /// Bodies that had to give way.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Body {
    NodeId from;
    std::uint64_t number = 0;
    std::uint8_t count = 0;
    std::size_t missing = 0;
    std::bitset<256> has;
    Bytes bytes;
  };
  using Bodies = std::list<Body>;  ///< oldest first
  Bodies::iterator find_or_add(NodeId from, const Part& part);
  void make_room(NodeId from);

  Bodies bodies_;
  std::uint64_t dropped_ = 0;
};

}  // namespace relevo::links
