// The frame's bytes: header, nonce, ciphertext with tag.
#include "membership/seal/frame.hpp"

#include <sodium.h>

#include "common/base/assert.hpp"

namespace relevo::seal {

namespace {

constexpr std::uint32_t magic = 0x314f4c52;  // "RLO1" as bytes
constexpr std::uint8_t version = 1;
constexpr std::size_t short_header = 29, pairwise_header = 37;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(pairwise_header + nonce_size + tag_size == max_overhead);

constexpr std::size_t header_size(Kind kind) { return is_pairwise(kind) ? pairwise_header : short_header; }

void write_header(std::uint8_t* out, const Header& h) {
  const auto put = [&](std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) *out++ = static_cast<std::uint8_t>(value >> (8 * i));
  };
  put(magic, 4);
  put(version, 1);
  put(static_cast<std::uint8_t>(h.kind), 1);
  put(h.link.value, 1);
  put(h.key_id, 1);
  put(h.newest_key, 1);
  put(h.sender.value, 4);
  put(h.incarnation.value, 8);
  put(h.sequence, 8);
  if (is_pairwise(h.kind)) put(h.receiver.value, 8);
}

std::optional<Bytes> open_with(const Header& header, BytesView frame, const std::uint8_t* key) {
  const auto clear = header_size(header.kind);
  if (frame.size() < clear + nonce_size + tag_size) return std::nullopt;
  const auto nonce = frame.subspan(clear, nonce_size);
  const auto cipher = frame.subspan(clear + nonce_size);
  Bytes body(cipher.size() - tag_size);
  const int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(body.data(), nullptr, nullptr, cipher.data(), cipher.size(),
                                                            frame.data(), clear, nonce.data(), key);
  if (rc != 0) return std::nullopt;
  return body;
}

}  // namespace

std::string_view name(Drop reason) {
  constexpr std::array<std::string_view, drop_reasons> names = {
      "too_short",   "not_ours",          "bad_version", "bad_kind", "unknown_sender", "bad_source", "bad_key_id",
      "retired_key", "other_incarnation", "bad_tag",     "replay",   "bad_content",    "not_up"};
  return names[static_cast<std::size_t>(reason)];
}

Parsed parse_header(BytesView frame) {
  if (frame.size() < short_header + nonce_size + tag_size || frame.size() > max_frame) return {{}, Drop::too_short};
  Reader in(frame);
  if (in.u32() != magic) return {{}, Drop::not_ours};
  if (in.u8() != version) return {{}, Drop::bad_version};
  const auto kind = in.u8();
  if (kind < 1 || kind > last_kind) return {{}, Drop::bad_kind};
  Header h;
  h.kind = static_cast<Kind>(kind);
  if (frame.size() < header_size(h.kind) + nonce_size + tag_size) return {{}, Drop::too_short};
  h.link = LinkId{in.u8()};
  h.key_id = in.u8();
  h.newest_key = in.u8();
  h.sender = NodeId{in.u32()};
  h.incarnation = Incarnation{in.u64()};
  h.sequence = in.u64();
  if (is_pairwise(h.kind)) h.receiver = Incarnation{in.u64()};
  return {h, {}};
}

Sealer::Sealer(const ClusterKeys& keys, NodeId self, Incarnation incarnation, Random& random)
    : keys_(keys), own_(self, incarnation), self_(self), incarnation_(incarnation), random_(&random) {}

void Sealer::set_keys(const ClusterKeys& keys) {
  keys_ = keys;
  own_.keep_only(keys_);
}

Bytes Sealer::seal(Kind kind, LinkId link, Incarnation receiver, BytesView body) {
  return seal(kind, link, receiver, body, keys_.active().tag());
}

Bytes Sealer::seal(Kind kind, LinkId link, Incarnation receiver, BytesView body, KeyTag with) {
  RELEVO_ASSERT(is_pairwise(kind) == (receiver != Incarnation{}), "kind {} for incarnation {}", static_cast<int>(kind),
                receiver.value);
  const auto* chosen = keys_.find(with);
  if (chosen == nullptr) chosen = &keys_.active();
  const auto& key = own_.get(*chosen);
  const Header header{kind, link, chosen->id(), keys_.newest(), self_, incarnation_, ++sequence_, receiver};
  const auto clear = header_size(kind);
  Bytes frame(clear + nonce_size + body.size() + tag_size);
  write_header(frame.data(), header);
  const auto nonce = std::span(frame).subspan(clear, nonce_size);
  random_->fill(nonce);
  auto* cipher = frame.data() + clear + nonce_size;
  const int rc = crypto_aead_xchacha20poly1305_ietf_encrypt(cipher, nullptr, body.data(), body.size(), frame.data(), clear,
                                                            nullptr, nonce.data(), key.secret.data());
  RELEVO_ASSERT(rc == 0, "sealing {} bytes failed", body.size());
  return frame;
}

std::optional<Bytes> open_frame(const Header& header, BytesView frame, const FrameKey& key) {
  return open_with(header, frame, key.secret.data());
}

std::optional<Bytes> open_unproven(const Header& header, BytesView frame, const ClusterKey& cluster_key) {
  std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> key{};
  cluster_key.frame_key_into(key.data(), header.sender, header.incarnation);
  auto body = open_with(header, frame, key.data());
  sodium_memzero(key.data(), key.size());
  return body;
}

std::optional<Bytes> open_unproven(const Header& header, BytesView frame, const ClusterKeys& keys) {
  for (const auto& key : keys.usable())
    if (key.id() == header.key_id)
      if (auto body = open_unproven(header, frame, key)) return body;
  return std::nullopt;
}

}  // namespace relevo::seal
