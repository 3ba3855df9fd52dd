// Sealed boxes: an ephemeral sender's pair, the nonce from both public keys, XSalsa20-Poly1305.
#include "membership/keys/box.hpp"

#include <sodium.h>

#include "common/base/assert.hpp"

namespace relevo::keys {

static_assert(crypto_box_PUBLICKEYBYTES == sizeof(PublicKey));

EphemeralPair make_pair(seal::Random& random) {
  seal::Secret seed(crypto_box_SEEDBYTES);
  random.fill({seed.data(), seed.size()});
  EphemeralPair pair{{}, seal::Secret(crypto_box_SECRETKEYBYTES)};
  const int rc = crypto_box_seed_keypair(pair.open.data(), pair.secret.data(), seed.data());
  RELEVO_ASSERT(rc == 0, "no pair of keys from a seed");
  return pair;
}

namespace {
using Nonce = std::array<std::uint8_t, crypto_box_NONCEBYTES>;

Nonce nonce_of(const std::uint8_t* from, const PublicKey& to) {
  Bytes both(from, from + to.size());
  both.insert(both.end(), to.begin(), to.end());
  Nonce nonce{};
  const int rc = crypto_generichash(nonce.data(), nonce.size(), both.data(), both.size(), nullptr, 0);
  RELEVO_ASSERT(rc == 0, "no nonce from two keys");
  return nonce;
}
}  // namespace

std::optional<Bytes> seal_for(const PublicKey& to, const seal::Secret& secret, seal::Random& random) {
  const auto sender = make_pair(random);
  Bytes box(crypto_box_SEALBYTES + secret.size());
  std::copy(sender.open.begin(), sender.open.end(), box.begin());
  const auto nonce = nonce_of(sender.open.data(), to);
  const int rc = crypto_box_easy(box.data() + sender.open.size(), secret.data(), secret.size(), nonce.data(), to.data(),
                                 sender.secret.data());
  if (rc != 0) return std::nullopt;
  return box;
}

std::optional<seal::Secret> open_box(BytesView box, const EphemeralPair& pair) {
  if (box.size() <= crypto_box_SEALBYTES || pair.secret.empty()) return std::nullopt;
  const auto nonce = nonce_of(box.data(), pair.open);
  const auto sealed = box.subspan(pair.open.size());
  seal::Secret secret(sealed.size() - crypto_box_MACBYTES);
  const int rc = crypto_box_open_easy(secret.data(), sealed.data(), sealed.size(), nonce.data(), box.data(), pair.secret.data());
  if (rc != 0) return std::nullopt;
  return secret;
}

}  // namespace relevo::keys
