// Key derivation by keyed BLAKE2b; each use has a label of its own so that no two outputs coincide.
#include "membership/seal/keys.hpp"

#include <sodium.h>

#include <algorithm>

#include "common/base/assert.hpp"

namespace relevo::seal {

namespace {

constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

/// out = BLAKE2b(key, input).
void hash(std::uint8_t* out, std::size_t out_size, BytesView key, BytesView input) {
  const int rc = crypto_generichash(out, out_size, input.data(), input.size(), key.data(), key.size());
  RELEVO_ASSERT(rc == 0, "BLAKE2b refused {} bytes with a key of {}", input.size(), key.size());
}

}  // namespace

KeyTag tag_of(const Fingerprint& fingerprint) {
  KeyTag tag;
  for (std::size_t i = 0; i < 4; ++i) tag.value |= static_cast<std::uint32_t>(fingerprint[i]) << (8 * i);
  return tag;
}

ClusterKey::ClusterKey(const AuthKey& key, std::string_view cluster_name)
    : ClusterKey(Keyring(key).entries.front(), cluster_name) {}

ClusterKey::ClusterKey(const KeyEntry& entry, std::string_view cluster_name)
    : secret_(key_size), fingerprint_(entry.fingerprint), id_(entry.id) {
  RELEVO_ASSERT(!entry.secret.empty(), "key {} is retired", entry.id);
  Writer label;
  label.text("relevo cluster key 1");
  label.text(cluster_name);
  hash(secret_.data(), secret_.size(), entry.secret.view(), label.view());
  if (id_ != 0) return;
  std::uint8_t digest[crypto_generichash_BYTES_MIN];
  hash(digest, sizeof digest, secret_.view(), as_bytes("relevo key id"));
  id_ = digest[0] == 0 ? std::uint8_t{1} : digest[0];  // 0 stands for none
}

void ClusterKey::frame_key_into(std::uint8_t* out, NodeId sender, Incarnation incarnation) const {
  // The label by hand: this runs for every packet of an unproven sender.
  constexpr std::string_view words = "relevo frame key 1";
  std::array<std::uint8_t, words.size() + 12> label{};
  std::copy(words.begin(), words.end(), label.begin());
  for (std::size_t i = 0; i < 4; ++i) label[words.size() + i] = static_cast<std::uint8_t>(sender.value >> (8 * i));
  for (std::size_t i = 0; i < 8; ++i) label[words.size() + 4 + i] = static_cast<std::uint8_t>(incarnation.value >> (8 * i));
  hash(out, key_size, secret_.view(), label);
}

FrameKey ClusterKey::frame_key(NodeId sender, Incarnation incarnation) const {
  FrameKey key{Secret(key_size)};
  frame_key_into(key.secret.data(), sender, incarnation);
  return key;
}

void assign_ids(Keyring& ring, std::string_view cluster_name) {
  for (auto& entry : ring.entries)
    if (entry.id == 0) entry.id = ClusterKey(entry, cluster_name).id();
}

ClusterKeys::ClusterKeys(Keyring ring, std::string_view cluster_name) {
  ring.sort();
  RELEVO_ASSERT(ring.active() != nullptr, "a keyring without an active key");
  for (const auto& entry : ring.entries) {
    if (entry.state == KeyState::retire) {
      retired_.push_back(entry.id);
      continue;
    }
    if (entry.state == KeyState::active) active_ = usable_.size();
    usable_.emplace_back(entry, cluster_name);
  }
}

ClusterKeys::ClusterKeys(const ClusterKey& only) : usable_{only} {}

const ClusterKey* ClusterKeys::find(std::uint8_t id) const {
  const ClusterKey* found = nullptr;
  for (const auto& key : usable_) {
    if (key.id() != id) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

const ClusterKey* ClusterKeys::find(KeyTag tag) const {
  const auto it = std::find_if(usable_.begin(), usable_.end(), [&](const auto& key) { return key.tag() == tag; });
  return it == usable_.end() ? nullptr : &*it;
}

const ClusterKey* ClusterKeys::find(const Fingerprint& fingerprint) const {
  const auto it = std::find_if(usable_.begin(), usable_.end(), [&](const auto& key) { return key.fingerprint() == fingerprint; });
  return it == usable_.end() ? nullptr : &*it;
}

std::vector<KeyTag> ClusterKeys::tags() const {
  std::vector<KeyTag> out;
  for (const auto& key : usable_) out.push_back(key.tag());
  return out;
}

KeyUse ClusterKeys::use(std::uint8_t id) const {
  if (std::any_of(usable_.begin(), usable_.end(), [&](const auto& key) { return key.id() == id; })) return KeyUse::usable;
  return std::find(retired_.begin(), retired_.end(), id) == retired_.end() ? KeyUse::unknown : KeyUse::retired;
}

const ClusterKey& ClusterKeys::in_turn(std::size_t turn) const {
  turn %= usable_.size();
  if (turn == 0) return active();
  auto index = usable_.size() - turn;  // the newest first; the active one has had its turn
  if (index <= active_) --index;
  return usable_[index];
}

const ClusterKey& ClusterKeys::for_holder_of(std::span<const KeyTag> theirs) const {
  const auto in_common = [&](std::size_t i) { return std::find(theirs.begin(), theirs.end(), usable_[i].tag()) != theirs.end(); };
  for (std::size_t i = active_ + 1; i-- > 0;)
    if (in_common(i)) return usable_[i];
  for (std::size_t i = active_ + 1; i < usable_.size(); ++i)
    if (in_common(i)) return usable_[i];
  return active();
}

const FrameKey& SenderKeys::get(const ClusterKey& key) {
  for (const auto& made : made_)
    if (made.of == key.fingerprint()) return made.key;
  made_.push_back({key.fingerprint(), key.frame_key(sender_, incarnation_)});
  return made_.back().key;
}

void SenderKeys::keep_only(const ClusterKeys& keys) {
  std::erase_if(made_, [&](const auto& made) { return keys.find(made.of) == nullptr; });
}

}  // namespace relevo::seal
