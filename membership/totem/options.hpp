// The ring's timers and limits, as values of its own: totem does not read configuration.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/time.hpp"

namespace relevo::totem {

/// Defaults are those of corosync.conf(5) for three nodes. Source: membership spec 2.4; docs/internals/totem.md, "Timers".
struct Options {
  Duration token = 3650ms;             ///< longest silence of the token before the ring is declared lost
  Duration token_retransmit = 714ms;   ///< longest wait before the token is sent again; usually a few rotations are enough
  Duration hold = 561ms;               ///< how long the representative of an idle ring keeps the token; below token
  Duration join = 50ms;                ///< joins are repeated at this pace
  Duration consensus = 4380ms;         ///< longest wait in gather for a peer whose links are up
  Duration merge = 200ms;              ///< pace of merge detection while strangers are in sight
  /// How long a member may hold back the ring by not receiving frames. 0 = an eighth of `token`, at least 100 ms.
  Duration fail_to_receive{};
  std::uint32_t window_size = 0;       ///< frames per rotation, all members together; 0 = by bytes alone
  std::uint32_t max_messages = 0;      ///< frames per token visit; 0 = by bytes alone
  std::uint32_t window_bytes = 1U << 20;  ///< per rotation, all members together, while window_size is 0
  std::uint32_t visit_bytes = 512U << 10;  ///< per visit at most, while max_messages is 0; less after losses
  std::uint32_t miss_count = 5;        ///< token visits before a gap is asked for
  std::uint32_t seqno_unchanged = 30;  ///< idle rotations before the token is held
  std::size_t queue_bytes = std::size_t{4} << 20;  ///< messages waiting to be sent, beyond which Submit is refused
  std::size_t queue_messages = 16384;
  std::uint64_t store_frames = 4096;   ///< frames kept until all hold them, beyond which nobody sends
  std::size_t store_bytes = std::size_t{16} << 20;  ///< the same in bytes
};

}  // namespace relevo::totem
