// Key derivation by keyed BLAKE2b; each use has a label of its own so that no two outputs coincide.
#include "membership/seal/keys.hpp"

#include <sodium.h>

#include "common/base/assert.hpp"

namespace relevo::seal {

namespace {

constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

/// out = BLAKE2b(key, input); an empty key is the unkeyed hash.
void hash(std::uint8_t* out, std::size_t out_size, BytesView key, BytesView input) {
  const auto* key_data = key.empty() ? nullptr : key.data();
  const int rc = crypto_generichash(out, out_size, input.data(), input.size(), key_data, key.size());
  RELEVO_ASSERT(rc == 0, "BLAKE2b refused {} bytes with a key of {}", input.size(), key.size());
}

}  // namespace

ClusterKey::ClusterKey(const AuthKey& key, std::string_view cluster_name) : secret_(key_size) {
  // The file may be up to 4096 bytes, a BLAKE2b key 64: condense it first.
  Secret condensed(crypto_generichash_KEYBYTES);
  hash(condensed.data(), condensed.size(), {}, key.bytes.view());
  Writer label;
  label.text("relevo cluster key 1");
  label.text(cluster_name);
  hash(secret_.data(), secret_.size(), condensed.view(), label.view());
  std::uint8_t digest[crypto_generichash_BYTES_MIN];
  hash(digest, sizeof digest, secret_.view(), as_bytes("relevo key id"));
  id_ = digest[0];
}

FrameKey ClusterKey::frame_key(NodeId sender, Incarnation incarnation) const {
  Writer label;
  label.text("relevo frame key 1");
  label.u32(sender.value);
  label.u64(incarnation.value);
  FrameKey key{Secret(key_size)};
  hash(key.secret.data(), key_size, secret_.view(), label.view());
  return key;
}

}  // namespace relevo::seal
