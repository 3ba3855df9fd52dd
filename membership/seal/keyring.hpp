// The keyring: the few keys of a cluster with their states, and the text file that holds them. Pure: bytes in, bytes
// out. What frames do with the keys is keys.hpp; how a ring changes is membership/keys.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "membership/seal/authkey.hpp"
#include "membership/seal/secret.hpp"

namespace relevo::seal {

constexpr std::size_t max_keys = 8;
constexpr std::size_t ring_key_size = 32;
/// A raw key file is kept in a ring as its BLAKE2b-512: all that keys are derived from.
constexpr std::size_t condensed_key_size = 64;

enum class KeyState : std::uint8_t {
  accept = 1,  ///< opens frames
  active = 2,  ///< opens and seals
  retire = 3,  ///< does neither; its secret is gone, its name stays so that a latecomer can be told
};
[[nodiscard]] std::string_view name(KeyState state);

/// A digest that names a key without giving it away.
using Fingerprint = std::array<std::uint8_t, 16>;
[[nodiscard]] Fingerprint fingerprint_of(const Secret& secret);
/// The first 8 hexadecimal digits: enough for a person to tell keys apart.
[[nodiscard]] std::string short_text(const Fingerprint& fingerprint);

struct KeyEntry {
  /// 1..255, in clear in every frame; 0 = a raw key whose id follows from the cluster's name. Two sides of a partition may
  /// have given one id to two keys: what names a key for certain is its fingerprint.
  std::uint8_t id = 0;
  KeyState state = KeyState::accept;
  std::int64_t created = 0;  ///< seconds since 1970 UTC; 0 = not known. A newer key of a ring always has a greater one
  Fingerprint fingerprint{};
  Secret secret;  ///< 32 bytes, or 64 of a condensed raw key; empty when retired
};

/// An entry with its fingerprint worked out.
[[nodiscard]] KeyEntry make_entry(std::uint8_t id, KeyState state, std::int64_t created, Secret secret);

/// Up to 8 keys, oldest first, exactly one of them active.
struct Keyring {
  std::vector<KeyEntry> entries;

  Keyring() = default;
  /// A ring of one: the raw key, active.
  Keyring(const AuthKey& key);  // NOLINT: every place that takes a ring takes a raw key

  [[nodiscard]] const KeyEntry* active() const;
  [[nodiscard]] const KeyEntry* find(std::uint8_t id) const;
  [[nodiscard]] const KeyEntry* find(const Fingerprint& fingerprint) const;
  [[nodiscard]] KeyEntry* find(const Fingerprint& fingerprint);
  /// Oldest first: by creation, then by fingerprint.
  void sort();
};

/// The content of `file`: a keyring, or a raw key as a ring of one.
/// Errors: name the file, the line and how to mend it.
Result<Keyring> read_key_file(BytesView content, std::string_view file);

/// The content of a keyring file. Every key must have an id.
[[nodiscard]] Secret keyring_text(const Keyring& ring);

/// `2026-11-21T17:00:00Z`, or `-` for 0.
[[nodiscard]] std::string time_text(std::int64_t seconds);
/// What time_text wrote; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace relevo::seal
