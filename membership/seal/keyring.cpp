// The ring as a value: finding keys, fingerprints, order. Its file is keyring_text.cpp.
#include "membership/seal/keyring.hpp"

#include <sodium.h>

#include <algorithm>
#include <tuple>

#include "common/base/assert.hpp"
#include "common/base/text.hpp"

namespace relevo::seal {

std::string_view name(KeyState state) {
  switch (state) {
    case KeyState::accept: return "accept";
    case KeyState::active: return "active";
    case KeyState::retire: return "retire";
  }
  return "?";
}

Fingerprint fingerprint_of(const Secret& secret) {
  constexpr std::string_view label = "relevo key fingerprint 1";
  Fingerprint out{};
  const int rc = crypto_generichash(out.data(), out.size(), as_bytes(label).data(), label.size(), secret.data(), secret.size());
  RELEVO_ASSERT(rc == 0, "BLAKE2b refused a key of {} bytes", secret.size());
  return out;
}

std::string short_text(const Fingerprint& fingerprint) { return to_hex(fingerprint.data(), 4); }

KeyEntry make_entry(std::uint8_t id, KeyState state, std::int64_t created, Secret secret) {
  KeyEntry entry{id, state, created, fingerprint_of(secret), {}};
  if (state != KeyState::retire) entry.secret = std::move(secret);
  return entry;
}

Keyring::Keyring(const AuthKey& key) {
  // The file may be up to 4096 bytes, a BLAKE2b key 64: condense it.
  Secret condensed(condensed_key_size);
  const int rc = crypto_generichash(condensed.data(), condensed.size(), key.bytes.data(), key.bytes.size(), nullptr, 0);
  RELEVO_ASSERT(rc == 0, "BLAKE2b refused {} bytes", key.bytes.size());
  entries.push_back(make_entry(0, KeyState::active, 0, std::move(condensed)));
}

const KeyEntry* Keyring::active() const {
  const auto it = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.state == KeyState::active; });
  return it == entries.end() ? nullptr : &*it;
}

const KeyEntry* Keyring::find(std::uint8_t id) const {
  const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.id == id; });
  return it == entries.end() ? nullptr : &*it;
}

const KeyEntry* Keyring::find(const Fingerprint& fingerprint) const {
  const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.fingerprint == fingerprint; });
  return it == entries.end() ? nullptr : &*it;
}

KeyEntry* Keyring::find(const Fingerprint& fingerprint) {
  const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.fingerprint == fingerprint; });
  return it == entries.end() ? nullptr : &*it;
}

void Keyring::sort() {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.created, a.fingerprint) < std::tie(b.created, b.fingerprint);
  });
}

}  // namespace relevo::seal
