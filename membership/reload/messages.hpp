// What nodes tell each other about a change of the configuration, as values, and their bytes. All of it travels in the
// total order, delivered safe.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "common/base/bytes.hpp"
#include "membership/reload/in_force.hpp"

namespace relevo::reload {

/// Names one attempt: who asked, and a number that this node has not used before.
struct Id {
  NodeId asker;
  std::uint64_t number = 0;
  auto operator<=>(const Id&) const = default;
};

/// "Could you all live with this?"
struct Prepare {
  Id id;
  InForce base;    ///< what the asker runs by now
  InForce target;  ///< what `text` is
  std::string text;
  bool operator==(const Prepare&) const = default;
};
struct Vote {
  Id id;
  bool yes = false;
  std::string words;  ///< why not
  bool operator==(const Vote&) const = default;
};
/// The asker gives up: the time is over.
struct Abort {
  Id id;
  bool operator==(const Abort&) const = default;
};
/// To those in the ring who run an older one: this is what the ring runs by.
struct Adopt {
  InForce target;
  std::string text;
  bool operator==(const Adopt&) const = default;
};

using Message = std::variant<Prepare, Vote, Abort, Adopt>;

/// Longest reason that travels; a longer one is cut.
constexpr std::size_t max_words = 2000;

[[nodiscard]] Bytes encode(const Message& message);
/// Nothing when the bytes are not one of ours; any bytes are safe.
[[nodiscard]] std::optional<Message> decode(BytesView bytes);

/// A member's own configuration, beside its list in the sync of a new ring.
[[nodiscard]] Bytes encode(const InForce& in_force);
[[nodiscard]] std::optional<InForce> decode_in_force(BytesView bytes);

}  // namespace relevo::reload
