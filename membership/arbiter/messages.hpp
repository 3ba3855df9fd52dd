// What a cluster's nodes and the arbiter say to each other, as values and as bytes. One message a frame; the stream
// that carries the frames (TLS) is not here. docs/internals/arbiter.md, "Messages".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "common/base/bytes.hpp"
#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::arbiter {

/// The greatest version both sides know is spoken; 1 is the first.
constexpr std::uint16_t protocol = 1;
/// Longest frame before a node has proven itself, and after.
constexpr std::size_t max_frame_before = 4096;
constexpr std::size_t max_frame = 65536;
/// Most nodes in a list, longest name of a cluster, longest sentence.
constexpr std::size_t max_nodes = 256;
constexpr std::size_t max_name = 64;
constexpr std::size_t max_sentence = 512;

using Proof = std::array<std::uint8_t, 32>;
using Nodes = std::set<NodeId>;

enum class Algorithm : std::uint8_t { ffsplit = 1, lms = 2 };
[[nodiscard]] const char* name(Algorithm algorithm);
/// Errors: neither ffsplit nor lms.
Result<Algorithm> parse_algorithm(std::string_view text);

/// Which of two equal partitions wins: that with the lowest or highest configured node, or with the node named.
struct TieBreaker {
  enum class Kind : std::uint8_t { lowest = 1, highest = 2, node = 3 } kind = Kind::lowest;
  NodeId node;
  bool operator==(const TieBreaker&) const = default;
};
Result<TieBreaker> parse_tie_breaker(std::string_view text);
[[nodiscard]] std::string to_string(const TieBreaker& rule);

struct Settings {
  Algorithm algorithm = Algorithm::ffsplit;
  TieBreaker tie_breaker;
  bool operator==(const Settings&) const = default;
};

/// A node's first word: who it is, and the proof that it knows the cluster's token.
struct Hello {
  std::uint16_t version = protocol;
  std::string cluster;
  NodeId node;
  Incarnation incarnation;
  Settings settings;
  Proof proof{};
  bool operator==(const Hello&) const = default;
};
/// The arbiter's answer, with its own proof. A vote is good for `lease` after the last Ping that was answered was sent.
struct Welcome {
  std::uint16_t version = protocol;
  Duration lease{};
  Proof proof{};
  bool operator==(const Welcome&) const = default;
};
/// The arbiter's other answer; the connection ends.
struct Refused {
  std::string why;
  bool operator==(const Refused&) const = default;
};
/// Where the node is now. Sent after the Welcome and whenever it changes.
struct Report {
  RingId ring;
  Nodes members;
  Nodes configured;
  bool quorate = false;
  bool holds = false;  ///< acts on a vote for this ring, perhaps of an earlier connection
  bool operator==(const Report&) const = default;
};
/// The arbiter's word about the ring that the node reported. A refusal must be acknowledged once it is in force.
struct Vote {
  std::uint64_t number = 0;
  RingId ring;
  bool yes = false;
  bool operator==(const Vote&) const = default;
};
struct VoteTaken {
  std::uint64_t number = 0;
  bool operator==(const VoteTaken&) const = default;
};
struct Ping {
  std::uint64_t number = 0;
  bool operator==(const Ping&) const = default;
};
struct Pong {
  std::uint64_t number = 0;
  bool operator==(const Pong&) const = default;
};

using Message = std::variant<Hello, Welcome, Refused, Report, Vote, VoteTaken, Ping, Pong>;

[[nodiscard]] Bytes encode(const Message& message);
/// Nothing when the bytes are no message; any bytes are safe.
[[nodiscard]] std::optional<Message> decode(BytesView bytes);

/// Letters, digits, dot, underscore and dash, 1 to 64, not beginning with a dot: it names files, too.
[[nodiscard]] bool is_cluster_name(std::string_view name);

}  // namespace relevo::arbiter
