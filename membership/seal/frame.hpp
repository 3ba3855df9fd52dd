// One frame on the wire: a clear header, authenticated with the encrypted body. Who may send what is links' matter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "membership/seal/keys.hpp"
#include "membership/seal/random.hpp"

namespace relevo::seal {

enum class Kind : std::uint8_t {
  hello = 1,      ///< asks the receiver to prove its incarnation
  answer = 2,     ///< the proof
  heartbeat = 3,  ///< liveness and latency of one path
  ring = 4,       ///< ring traffic for one node
  ring_all = 5,   ///< ring traffic sealed once for all
  probe = 6,      ///< padded to the size that is asked about, or the word that it came
  fragment = 7,      ///< a part of ring traffic for one node
  fragment_all = 8,  ///< a part of ring traffic for all
};
constexpr std::uint8_t last_kind = 8;

/// The clear part of a frame. All of it is authenticated.
struct Header {
  Kind kind = Kind::hello;
  LinkId link;
  std::uint8_t key_id = 0;      ///< of the key that seals this frame
  std::uint8_t newest_key = 0;  ///< the newest key of the sender's ring: what it understands at best
  NodeId sender;
  Incarnation incarnation;     ///< of the sender
  std::uint64_t sequence = 0;  ///< grows with every frame of one incarnation
  Incarnation receiver;        ///< pairwise kinds: the receiver's incarnation as the sender knows it; else 0
  bool operator==(const Header&) const = default;
};

/// Only HELLO goes to a node whose incarnation is unknown, and only ring_all and fragment_all to several.
[[nodiscard]] constexpr bool is_pairwise(Kind kind) {
  return kind != Kind::hello && kind != Kind::ring_all && kind != Kind::fragment_all;
}

/// Why a frame was dropped. The order is that of the checks: cheap ones first.
enum class Drop : std::uint8_t {
  too_short,
  not_ours,  ///< another protocol on our port
  bad_version,
  bad_kind,
  unknown_sender,
  bad_source,   ///< not the address of that sender on that link
  bad_key_id,   ///< most often: another key file or cluster name
  retired_key,  ///< a key of ours once: the sender missed a rotation
  other_incarnation,  ///< sealed for an earlier start of this node, or by a start of the sender that is not proven
  bad_tag,
  replay,
  bad_content,  ///< authentic but senseless
  not_up,       ///< authentic ring traffic over a path that is not up
};
constexpr std::size_t drop_reasons = 13;
[[nodiscard]] std::string_view name(Drop reason);
using DropCounters = std::array<std::uint64_t, drop_reasons>;

/// What a frame adds to its content, at most.
constexpr std::size_t max_overhead = 37 + 24 + 16;
/// Largest frame that is looked at.
constexpr std::size_t max_frame = 65535;

/// Either the header or the reason why this cannot be one of our frames.
struct Parsed {
  std::optional<Header> header;
  Drop reason = Drop::too_short;
};
/// Reads the clear header; nothing is authenticated yet.
[[nodiscard]] Parsed parse_header(BytesView frame);

/// Seals the frames of one incarnation of this node and counts their sequence, which goes on over every change of keys.
class Sealer {
 public:
  /// Lifetime: `random` must outlive the object.
  Sealer(const ClusterKeys& keys, NodeId self, Incarnation incarnation, Random& random);

  /// From the next frame on.
  void set_keys(const ClusterKeys& keys);
  [[nodiscard]] const ClusterKeys& keys() const { return keys_; }

  /// Under the active key. `receiver` must be 0 exactly when the kind is not pairwise.
  [[nodiscard]] Bytes seal(Kind kind, LinkId link, Incarnation receiver, BytesView body);
  /// Under a key that the receiver has (ClusterKeys::for_holder_of); one that is not usable gives way to the active one.
  [[nodiscard]] Bytes seal(Kind kind, LinkId link, Incarnation receiver, BytesView body, KeyTag with);
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

 private:
  ClusterKeys keys_;
  SenderKeys own_;
  NodeId self_;
  Incarnation incarnation_;
  Random* random_;
  std::uint64_t sequence_ = 0;
};

/// The body when the frame is authentic under `key`, the key of its header's sender and incarnation.
[[nodiscard]] std::optional<Bytes> open_frame(const Header& header, BytesView frame, const FrameKey& key);

/// The same for a sender of whom nothing is proven: the key is made for this frame and forgotten, so that forged frames
/// cost no memory.
[[nodiscard]] std::optional<Bytes> open_unproven(const Header& header, BytesView frame, const ClusterKey& key);
/// The same with whichever usable key of the header's id opens it.
[[nodiscard]] std::optional<Bytes> open_unproven(const Header& header, BytesView frame, const ClusterKeys& keys);

}  // namespace relevo::seal
