// The keys of one cluster: everything that seals or opens a frame is derived here, and only here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/ids.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::seal {

/// Names a key among nodes: the first 4 bytes of its fingerprint, which people see as 8 hexadecimal digits. Unlike ids,
/// which the makers choose, the tags of two keys are the same once in 2^32 times.
struct KeyTag {
  std::uint32_t value = 0;
  auto operator<=>(const KeyTag&) const = default;
};
[[nodiscard]] KeyTag tag_of(const Fingerprint& fingerprint);

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

  /// In clear in every frame: tells which keys may open it before any decryption; two keys that were made on two sides of
  /// a partition may have the same. Of a raw key the first byte of a digest.
  [[nodiscard]] std::uint8_t id() const { return id_; }
  [[nodiscard]] KeyTag tag() const { return tag_of(fingerprint_); }
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
  /// The only key of that id that opens frames; null when there is none or several.
  [[nodiscard]] const ClusterKey* find(std::uint8_t id) const;
  [[nodiscard]] const ClusterKey* find(KeyTag tag) const;
  [[nodiscard]] const ClusterKey* find(const Fingerprint& fingerprint) const;
  /// Those that open frames, oldest first.
  [[nodiscard]] const std::vector<ClusterKey>& usable() const { return usable_; }
  [[nodiscard]] std::vector<KeyTag> tags() const;
  [[nodiscard]] const ClusterKey& active() const { return usable_[active_]; }
  /// Of those that open frames.
  [[nodiscard]] std::uint8_t newest() const { return usable_.back().id(); }
  /// One usable key after the other, the active one first, then from new to old: for HELLOs to someone of whom nothing is
  /// known.
  [[nodiscard]] const ClusterKey& in_turn(std::size_t turn) const;
  /// The key to seal with for one who has `theirs`: the active one if he has it, else the newest in common that is older,
  /// else any in common. So a node that was away during a rotation is understood until its key is retired, and so are
  /// those who made another key on their side of a partition. The active one when there is none in common.
  [[nodiscard]] const ClusterKey& for_holder_of(std::span<const KeyTag> theirs) const;

 private:
  std::vector<ClusterKey> usable_;  ///< oldest first
  std::vector<std::uint8_t> retired_;
  std::size_t active_ = 0;
};

/// The frame keys of one sender in one incarnation, one for each key of the ring, made when first needed.
class SenderKeys {
 public:
  SenderKeys(NodeId sender, Incarnation incarnation) : sender_(sender), incarnation_(incarnation) {}
  /// Valid until the next call.
  [[nodiscard]] const FrameKey& get(const ClusterKey& key);
  /// Wipes what `keys` cannot use any more.
  void keep_only(const ClusterKeys& keys);

 private:
  struct Made {
    Fingerprint of;
    FrameKey key;
  };
  NodeId sender_;
  Incarnation incarnation_;
  std::vector<Made> made_;
};

}  // namespace relevo::seal
