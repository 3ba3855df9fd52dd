// A key on its way to one node: sealed so that only who made an ephemeral pair for this round can open it. Who recorded
// the ring's traffic and gets hold of an older key of the cluster later cannot.
#pragma once

#include <array>
#include <optional>

#include "membership/seal/random.hpp"
#include "membership/seal/secret.hpp"

namespace relevo::keys {

using PublicKey = std::array<std::uint8_t, 32>;

/// An X25519 pair that lives for one round.
struct EphemeralPair {
  PublicKey open{};
  seal::Secret secret;
};
[[nodiscard]] EphemeralPair make_pair(seal::Random& random);

/// `secret` for the holder of the pair: 48 bytes more than the secret. Source: libsodium's sealed boxes, with the random
/// source handed in. Nothing when `to` is no usable public key.
[[nodiscard]] std::optional<Bytes> seal_for(const PublicKey& to, const seal::Secret& secret, seal::Random& random);
/// Nothing when it was not sealed for this pair or was changed on the way.
[[nodiscard]] std::optional<seal::Secret> open_box(BytesView box, const EphemeralPair& pair);

}  // namespace relevo::keys
