// The frame's bytes: header, nonce, ciphertext with tag.
#include "membership/seal/frame.hpp"

#include <sodium.h>

#include "common/base/assert.hpp"

namespace relevo::seal {

namespace {

constexpr std::uint32_t magic = 0x314f4c52;  // "RLO1" as bytes
constexpr std::uint8_t version = 1;
constexpr std::size_t short_header = 28, pairwise_header = 36;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(pairwise_header + nonce_size + tag_size == max_overhead);

constexpr std::size_t header_size(Kind kind) { return is_pairwise(kind) ? pairwise_header : short_header; }

void write_header(Writer& out, const Header& h) {
  out.u32(magic);
  out.u8(version);
  out.u8(static_cast<std::uint8_t>(h.kind));
  out.u8(h.link.value);
  out.u8(h.key_id);
  out.u32(h.sender.value);
  out.u64(h.incarnation.value);
  out.u64(h.sequence);
  if (is_pairwise(h.kind)) out.u64(h.receiver.value);
}

}  // namespace

std::string_view name(Drop reason) {
  constexpr std::array<std::string_view, drop_reasons> names = {
      "too_short",  "not_ours",          "bad_version", "bad_kind", "bad_key_id",  "unknown_sender",
      "bad_source", "other_incarnation", "bad_tag",     "replay",   "bad_content", "not_up"};
  return names[static_cast<std::size_t>(reason)];
}

Parsed parse_header(BytesView frame) {
  if (frame.size() < short_header + nonce_size + tag_size || frame.size() > max_frame) return {{}, Drop::too_short};
  Reader in(frame);
  if (in.u32() != magic) return {{}, Drop::not_ours};
  if (in.u8() != version) return {{}, Drop::bad_version};
  const auto kind = in.u8();
  if (kind < 1 || kind > 5) return {{}, Drop::bad_kind};
  Header h;
  h.kind = static_cast<Kind>(kind);
  if (frame.size() < header_size(h.kind) + nonce_size + tag_size) return {{}, Drop::too_short};
  h.link = LinkId{in.u8()};
  h.key_id = in.u8();
  h.sender = NodeId{in.u32()};
  h.incarnation = Incarnation{in.u64()};
  h.sequence = in.u64();
  if (is_pairwise(h.kind)) h.receiver = Incarnation{in.u64()};
  return {h, {}};
}

Sealer::Sealer(const ClusterKey& key, NodeId self, Incarnation incarnation, Random& random)
    : key_(key.frame_key(self, incarnation)), key_id_(key.id()), self_(self), incarnation_(incarnation), random_(&random) {}

Bytes Sealer::seal(Kind kind, LinkId link, Incarnation receiver, BytesView body) {
  RELEVO_ASSERT(is_pairwise(kind) == (receiver != Incarnation{}), "kind {} for incarnation {}", static_cast<int>(kind),
                receiver.value);
  const Header header{kind, link, key_id_, self_, incarnation_, ++sequence_, receiver};
  Writer out;
  write_header(out, header);
  Bytes frame = out.take();
  const auto clear = frame.size();
  frame.resize(clear + nonce_size + body.size() + tag_size);
  const auto nonce = std::span(frame).subspan(clear, nonce_size);
  random_->fill(nonce);
  auto* cipher = frame.data() + clear + nonce_size;
  const int rc = crypto_aead_xchacha20poly1305_ietf_encrypt(cipher, nullptr, body.data(), body.size(), frame.data(), clear,
                                                            nullptr, nonce.data(), key_.secret.data());
  RELEVO_ASSERT(rc == 0, "sealing {} bytes failed", body.size());
  return frame;
}

std::optional<Bytes> open_frame(const Header& header, BytesView frame, const FrameKey& key) {
  const auto clear = header_size(header.kind);
  if (frame.size() < clear + nonce_size + tag_size) return std::nullopt;
  const auto nonce = frame.subspan(clear, nonce_size);
  const auto cipher = frame.subspan(clear + nonce_size);
  Bytes body(cipher.size() - tag_size);
  const int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(body.data(), nullptr, nullptr, cipher.data(), cipher.size(),
                                                            frame.data(), clear, nonce.data(), key.secret.data());
  if (rc != 0) return std::nullopt;
  return body;
}

}  // namespace relevo::seal
