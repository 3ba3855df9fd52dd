// The rules by which rings of several nodes become one, and by which one ring changes. Plain functions; the order of
// events is rotation.hpp's matter.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "common/base/result.hpp"
#include "membership/keys/messages.hpp"

namespace relevo::keys {

/// What all members have together.
struct Union {
  std::vector<Meta> keys;  ///< oldest first; retired where anyone says so, active where anyone seals with it
  std::map<Fingerprint, std::set<NodeId>> holders;  ///< of the usable ones: who can open with them
  Fingerprint active{};                             ///< the newest that anyone seals with
  std::set<Fingerprint> retired;  ///< somewhere, while others can still open with them: they have to follow
  /// Newer than the active one and usable: a rotation that was broken off before its key was used by anybody known.
  std::optional<Fingerprint> pending;

  [[nodiscard]] const Meta* find(const Fingerprint& key) const;
};
[[nodiscard]] Union unite(const std::map<NodeId, Have>& haves);

/// The keys that members lack: usable ones of the union that they do not hold.
[[nodiscard]] std::set<std::pair<NodeId, Fingerprint>> lacking(const Union& all, const std::map<NodeId, Have>& haves);
/// Whether every member's ring says what the union says, on disk too, and nothing is pending.
[[nodiscard]] bool is_settled(const Union& all, const std::map<NodeId, Have>& haves);

[[nodiscard]] std::vector<Meta> metas_of(const seal::Keyring& ring);

/// An id that no key of the union has, the next after the newest; 0 when all are taken. Those who may make keys at the
/// same time without knowing of each other have each his own: of `sides` (at least 1) this is number `side` (from 0).
[[nodiscard]] std::uint8_t next_id(const Union& all, std::size_t sides = 1, std::size_t side = 0);

/// Takes a key as one that opens. Makes room by forgetting the oldest retired one.
/// Another key in use may have its id. Errors: eight keys are in use.
Status add_accepted(seal::Keyring& ring, const Meta& key, seal::Secret secret);

/// Makes `active` the key that seals and retires others. Whether the ring changed. A key that is not there, or is
/// retired, does not become active; the active one is never retired.
bool settle(seal::Keyring& ring, const Fingerprint& active, const std::set<Fingerprint>& retired);

/// The usable keys older than the active one.
[[nodiscard]] std::set<Fingerprint> older_than_active(const seal::Keyring& ring);

}  // namespace relevo::keys
