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
  // The peers should hear of it before they next choose a key for us.
  for (auto& [node, peer] : peers)
    for (auto& path : peer.paths)
      if (path.up) path.next_heartbeat = std::min(path.next_heartbeat, last_step);
  group_routes();
}

/// The peer has said which keys it has, under the key `shown`.
void Links::Impl::learn_keys(Session& session, const seal::Header& header, std::vector<seal::KeyTag> list, seal::KeyTag shown) {
  session.newest_key = header.newest_key;
  if (list.empty()) list = {shown};
  if (list == session.theirs) return;
  session.theirs = std::move(list);
  routes_stale = true;
}

/// A frame names another newest key than the last list did: most likely one that is here, too, and the next list will
/// tell. Until then frames that cross the change of a key find one in common.
void Links::Impl::guess_newest(Session& session, std::uint8_t newest_key) {
  if (session.newest_key == newest_key) return;
  session.newest_key = newest_key;
  const auto* key = keys().find(newest_key);
  if (key == nullptr || std::find(session.theirs.begin(), session.theirs.end(), key->tag()) != session.theirs.end()) return;
  session.theirs.push_back(key->tag());
  routes_stale = true;
}

/// Of a proven sender the frame key is kept, of others it is made for this frame. Two keys may have one id.
std::optional<Opened> Links::Impl::open(Peer& peer, const seal::Header& header, BytesView frame) const {
  const bool proven = peer.session && peer.session->incarnation == header.incarnation;
  for (const auto& key : keys().usable()) {
    if (key.id() != header.key_id) continue;
    auto body = proven ? seal::open_frame(header, frame, peer.session->keys.get(key)) : seal::open_unproven(header, frame, key);
    if (body) return Opened{std::move(*body), key.tag()};
  }
  return std::nullopt;
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
