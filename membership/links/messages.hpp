// The links' own messages and their bytes. Ring traffic passes through as it is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/time.hpp"
#include "membership/seal/keys.hpp"

namespace relevo::links {

using Challenge = std::array<std::uint8_t, 16>;

/// "Prove which start of you is running": the answer must carry the challenge.
struct Hello {
  Challenge challenge{};
};

/// The proof. That it was sealed by the answering incarnation after the challenge was made is the whole content.
struct Answer {
  Challenge challenge{};
  std::uint32_t probation_ms = 0;  ///< the path kept coming and going: the answerer will use it only after so long
  std::vector<seal::KeyTag> keys{};  ///< those that open frames at the answerer; empty = it does not say
};

/// A sign of life on one path, with the last one that came from the peer, so that both directions are proven.
struct Heartbeat {
  std::uint64_t sent_ns = 0;  ///< the sender's own clock; never 0
  std::uint64_t echo_ns = 0;  ///< `sent_ns` of the last heartbeat that came from the receiver; 0 = none
  std::uint64_t hold_ns = 0;  ///< how long ago that one came
  std::uint32_t number = 0;   ///< counts the sender's heartbeats on this path in this session
  bool up = false;            ///< the sender calls this path up; if not, it is waiting for a heartbeat
  bool asks = false;          ///< the sender has missed signs: answer at once
  bool regular = true;        ///< sent at the pace, so its distance from the last regular one teaches
  std::vector<seal::KeyTag> keys{};  ///< as in an answer
};

/// Whether a frame of this size passes. The question is padded to `size` bytes of frame; the answer is short.
struct Probe {
  bool answer = false;
  std::uint32_t size = 0;
};

[[nodiscard]] Bytes encode(const Hello& message);
[[nodiscard]] Bytes encode(const Answer& message);
[[nodiscard]] Bytes encode(const Heartbeat& message);
/// The question has `padding` zero bytes after its fields.
[[nodiscard]] Bytes encode(const Probe& message, std::size_t padding);
constexpr std::size_t probe_size = 5;

[[nodiscard]] std::optional<Challenge> decode_challenge(BytesView body);
[[nodiscard]] std::optional<Answer> decode_answer(BytesView body);
[[nodiscard]] std::optional<Probe> decode_probe(BytesView body);
[[nodiscard]] std::optional<Heartbeat> decode_heartbeat(BytesView body);

}  // namespace relevo::links
