// Which key seals for whom, the change of keys while running, and what is said of frames under keys that open nothing.
#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
/// So long a peer may show only keys that are not here before it is called strange: one of its HELLOs in turn, or an
/// answer to ours, may still find a common key.
constexpr Duration strange_after = 1s;
}  // namespace

void Links::Impl::set_keys(const seal::ClusterKeys& keys) {
  sealer.set_keys(keys);
  for (auto& [node, peer] : peers)
    if (peer.session) peer.session->keys.keep_only(keys);
  group_routes();
}

/// The body of an authentic frame. Of a proven sender the frame key is kept, of others it is made for this frame.
std::optional<Bytes> Links::Impl::open(Peer& peer, const seal::Header& header, BytesView frame) {
  if (!peer.session || peer.session->incarnation != header.incarnation) return seal::open_unproven(header, frame, keys());
  const auto* key = peer.session->keys.get(header.key_id, keys());
  return key == nullptr ? std::nullopt : seal::open_frame(header, frame, *key);
}

/// The header is not authenticated, so this may only count and say what it looks like.
void Links::Impl::on_unusable_key(Peer& peer, const Address& from, const seal::Header& header, Instant now) {
  if (keys().use(header.key_id) == seal::KeyUse::retired) {
    if (limit.allow(Topic::retired_key, from, now))
      out.notes.push_back(note(Level::error, "node {} ({}) still uses key {}, which is retired: copy the key file of another node to it",
                               peer.node, ip_text(from), header.key_id));
    return drop(seal::Drop::retired_key);
  }
  if (!peer.strange_key_since || peer.up) peer.strange_key_since = now;
  if (now - *peer.strange_key_since >= strange_after && limit.allow(Topic::key, from, now))
    out.notes.push_back(note(Level::error, "packets from {} cannot be authenticated: different authkey or cluster_name? They bear key {}, "
                             "this node has {}: when the others have changed their key, copy the key file of one of them here",
                             ip_text(from), header.key_id, keys().active().id()));
  drop(seal::Drop::bad_key_id);
}

}  // namespace relevo::links
