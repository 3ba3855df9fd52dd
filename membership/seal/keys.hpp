// The keys of one cluster: everything that seals or opens a frame is derived here, and only here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/ids.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::seal {

/// The key of one sender in one incarnation (XChaCha20-Poly1305, 32 bytes).
struct FrameKey {
  Secret secret;
};

/// One key of the cluster, made of a key of the ring and the cluster's name: two clusters never understand each other,
/// not even when they share a key file.
class ClusterKey {
 public:
  ClusterKey(const AuthKey& key, std::string_view cluster_name);
  ClusterKey(const KeyEntry& entry, std::string_view cluster_name);

  /// In clear in every frame: tells which key opens it before any decryption. Of a raw key the first byte of a digest.
  [[nodiscard]] std::uint8_t id() const { return id_; }
  [[nodiscard]] const Fingerprint& fingerprint() const { return fingerprint_; }
  [[nodiscard]] FrameKey frame_key(NodeId sender, Incarnation incarnation) const;
  /// The same into 32 bytes of the caller, who wipes them: for senders of whom nothing is proven yet.
  void frame_key_into(std::uint8_t* out, NodeId sender, Incarnation incarnation) const;

 private:
  Secret secret_;
  Fingerprint fingerprint_{};
  std::uint8_t id_ = 0;
};

/// Gives a raw key (id 0) the id that it has in frames under this cluster's name.
void assign_ids(Keyring& ring, std::string_view cluster_name);

enum class KeyUse : std::uint8_t { usable, retired, unknown };

/// The ring as frames see it. A value: copies share the secrets.
class ClusterKeys {
 public:
  /// The ring must have an active key.
  ClusterKeys(Keyring ring, std::string_view cluster_name);
  /// A ring of one.
  ClusterKeys(const ClusterKey& only);  // NOLINT: every place that takes several takes one

  [[nodiscard]] KeyUse use(std::uint8_t id) const;
  /// A key that opens frames; null when retired or unknown.
  [[nodiscard]] const ClusterKey* find(std::uint8_t id) const;
  [[nodiscard]] const ClusterKey& active() const { return usable_[active_]; }
  /// Of those that open frames.
  [[nodiscard]] std::uint8_t newest() const { return usable_.back().id(); }
  [[nodiscard]] std::uint8_t oldest() const { return usable_.front().id(); }
  /// One usable key after the other, the active one first: for HELLOs to someone of whom nothing is known.
  [[nodiscard]] std::uint8_t in_turn(std::size_t turn) const { return usable_[(active_ + turn) % usable_.size()].id(); }
  /// The key to seal with for one who says that `theirs` is his newest: the active one, or his if that is older.
  /// So a node that was away during a rotation is understood until its key is retired.
  [[nodiscard]] std::uint8_t for_holder_of(std::uint8_t theirs) const;

 private:
  std::vector<ClusterKey> usable_;  ///< oldest first
  std::vector<std::uint8_t> retired_;
  std::size_t active_ = 0;
};

/// The frame keys of one sender in one incarnation, one for each key of the ring, made when first needed.
class SenderKeys {
 public:
  SenderKeys(NodeId sender, Incarnation incarnation) : sender_(sender), incarnation_(incarnation) {}
  /// Null when the ring has no usable key of that id.
  [[nodiscard]] const FrameKey* get(std::uint8_t key_id, const ClusterKeys& keys);
  /// Wipes what `keys` cannot use any more.
  void keep_only(const ClusterKeys& keys);

 private:
  struct Made {
    std::uint8_t key_id;
    Fingerprint of;
    FrameKey key;
  };
  NodeId sender_;
  Incarnation incarnation_;
  std::vector<Made> made_;
};

}  // namespace relevo::seal
