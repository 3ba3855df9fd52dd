// What the members tell each other about their keys, in the total order, and the bytes of it. No secret is in clear.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.hpp"
#include "membership/keys/box.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::keys {

using seal::Fingerprint;
using seal::KeyState;

/// One comparison of all members' rings: number 0 follows each configuration, each Begin on it makes the next.
/// A message of another round is over and means nothing.
struct Round {
  RingId ring;
  std::uint32_t number = 0;
  auto operator<=>(const Round&) const = default;
};

/// The end of the year 9999: later dates cannot be written in a key file.
constexpr std::int64_t latest_creation = 253402300799;

/// A key without its secret.
struct Meta {
  std::uint8_t id = 0;
  KeyState state = KeyState::accept;
  std::int64_t created = 0;
  Fingerprint fingerprint{};
  bool operator==(const Meta&) const = default;
};

/// A member asks for a new key. Delivered on a ring of `round`, it opens the round after that.
struct Begin {
  Round round;
};
/// Where a member stands, and the public half of its pair for this round.
struct Have {
  Round round;
  PublicKey open{};
  bool durable = true;  ///< the key file says the same
  std::vector<Meta> keys;
};
/// One key, sealed for each of those who lack it.
struct Give {
  Round round;
  Meta key;
  bool fresh = false;  ///< made for this round by the one who asked
  std::map<NodeId, Bytes> boxes;
};
/// The key is durable at the sender.
struct Held {
  Round round;
  Fingerprint key{};
};
/// The sender cannot take part in what the round wants; `why` is for people.
struct Failed {
  Round round;
  std::string why;
};
/// From this delivery on: seal with `active`, forget the secrets of `retired`.
struct Settle {
  Round round;
  Fingerprint active{};
  std::set<Fingerprint> retired;
};
/// The sender has done so; `durable` when its file says so too.
struct Done {
  Round round;
  bool durable = true;
};
/// After the grace period, or as an operator asks: these open nothing any more.
struct Retire {
  Round round;
  std::set<Fingerprint> keys;
  bool asked = false;  ///< by an operator
};

using Message = std::variant<Begin, Have, Give, Held, Failed, Settle, Done, Retire>;

[[nodiscard]] const Round& round_of(const Message& message);
[[nodiscard]] Bytes encode(const Message& message);
/// Nothing for anything but what encode() makes.
[[nodiscard]] std::optional<Message> decode(BytesView bytes);

}  // namespace relevo::keys
