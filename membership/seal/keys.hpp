// The keys of one cluster: everything that seals or opens a frame is derived here, and only here.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/ids.hpp"
#include "membership/seal/authkey.hpp"

namespace relevo::seal {

/// The key of one sender in one incarnation (XChaCha20-Poly1305, 32 bytes).
struct FrameKey {
  Secret secret;
};

/// The cluster's key, made of the key file and the cluster's name: two clusters never understand each other,
/// not even when they share a key file.
class ClusterKey {
 public:
  ClusterKey(const AuthKey& key, std::string_view cluster_name);

  /// The first byte of a digest of the key: tells a wrong key apart before any decryption. No secret.
  [[nodiscard]] std::uint8_t id() const { return id_; }
  [[nodiscard]] FrameKey frame_key(NodeId sender, Incarnation incarnation) const;

 private:
  Secret secret_;
  std::uint8_t id_ = 0;
};

}  // namespace relevo::seal
