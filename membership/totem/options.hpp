// The ring's timers and limits, as values of its own: totem does not read configuration.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/time.hpp"

namespace relevo::totem {

/// Defaults are those of corosync.conf(5) for three nodes. Source: membership spec 2.4; docs/internals/totem.md, "Timers".
struct Options {
  Duration token = 3650ms;             ///< longest silence of the token before the ring is declared lost
  Duration token_retransmit = 714ms;   ///< the token is sent again when nothing came back for so long
  Duration hold = 561ms;               ///< how long the representative of an idle ring keeps the token; below token_retransmit
  Duration join = 50ms;                ///< joins are repeated at this pace
  Duration consensus = 4380ms;         ///< longest wait in gather for a peer whose links are up
  Duration merge = 200ms;              ///< pace of merge detection while strangers are in sight
  std::uint32_t window_size = 50;      ///< frames per rotation, all members together
  std::uint32_t max_messages = 17;     ///< frames per token visit
  std::uint32_t miss_count = 5;        ///< token visits before a gap is asked for
  std::uint32_t seqno_unchanged = 30;  ///< idle rotations before the token is held
  std::size_t queue_bytes = std::size_t{4} << 20;  ///< messages waiting to be sent, beyond which Submit is refused
  std::size_t queue_messages = 16384;
  std::uint64_t store_frames = 4096;   ///< frames kept until all hold them, beyond which nobody sends
};

}  // namespace relevo::totem
