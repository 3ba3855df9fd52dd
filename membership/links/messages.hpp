// The links' own messages and their bytes. Ring traffic passes through as it is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/base/bytes.hpp"
#include "common/base/time.hpp"

namespace relevo::links {

using Challenge = std::array<std::uint8_t, 16>;

/// "Prove which start of you is running": the answer must carry the challenge.
struct Hello {
  Challenge challenge{};
};

/// The proof. That it was sealed by the answering incarnation after the challenge was made is the whole content.
struct Answer {
  Challenge challenge{};
};

/// A sign of life on one path, with the last one that came from the peer, so that both directions are proven.
struct Heartbeat {
  std::uint64_t sent_ns = 0;  ///< the sender's own clock; never 0
  std::uint64_t echo_ns = 0;  ///< `sent_ns` of the last heartbeat that came from the receiver; 0 = none
  std::uint64_t hold_ns = 0;  ///< how long ago that one came
  bool up = false;            ///< the sender calls this path up; if not, it is waiting for a heartbeat
};

[[nodiscard]] Bytes encode(const Hello& message);
[[nodiscard]] Bytes encode(const Answer& message);
[[nodiscard]] Bytes encode(const Heartbeat& message);

[[nodiscard]] std::optional<Challenge> decode_challenge(BytesView body);
[[nodiscard]] std::optional<Heartbeat> decode_heartbeat(BytesView body);

}  // namespace relevo::links
