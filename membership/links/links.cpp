// Building the links, the entries of a step, and the carrying of ring traffic.
#include "membership/links/links.hpp"

#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

Links::Impl::Impl(Options o, const seal::ClusterKeys& k, Incarnation i, seal::Random& r)
    : options(std::move(o)), incarnation(i), random(&r), sealer(k, options.self, i, r) {
  const auto mine = options.addresses.find(options.self);
  for (const auto& [node, addresses] : options.addresses) {
    if (node == options.self || mine == options.addresses.end()) continue;
    Peer peer;
    peer.node = node;
    for (std::size_t n = 0; n < std::min(addresses.size(), mine->second.size()); ++n) {
      Path path(Detector(options.heartbeat, std::max(options.link_timeout, options.heartbeat * 3)));
      path.link = LinkId{static_cast<std::uint8_t>(n)};
      path.local = mine->second[n];
      path.remote = addresses[n];
      known_addresses.emplace(path.remote, node);
      peer.paths.push_back(path);
    }
    peers.emplace(node, std::move(peer));
  }
}

Output Links::Impl::finish() {
  counters.frames_sent += out.sends.size();
  return std::exchange(out, {});
}

/// We were due earlier than this and nobody called: the silence of the others in that time proves nothing.
void Links::Impl::notice_stall(Instant now) {
  const auto due = next_deadline();
  const auto since = due ? std::max(*due, last_step) : now;
  last_step = now;
  if (!started || now <= since) return;
  const Duration late = now - since;
  if (late <= options.link_timeout / 3) return;
  ++counters.stalls;
  for (auto& [node, peer] : peers) {
    for (auto& path : peer.paths) {
      path.hearing.excuse(late, now);
      path.confirmed.excuse(late, now);
    }
  }
  if (late > options.link_timeout && limit.allow("stall", now))
    out.notes.push_back(note(Level::warning, "this process was not scheduled for {} ms: is the machine overloaded or was it paused?",
                             to_ms(late)));
}

std::optional<Instant> Links::Impl::next_deadline() const {
  if (!started) return std::nullopt;
  std::optional<Instant> due;
  const auto consider = [&](Instant t) { due = due ? std::min(*due, t) : t; };
  for (const auto& [node, peer] : peers) {
    for (const auto& path : peer.paths) {
      if (path.up) {
        consider(std::min({path.next_heartbeat, path.hearing.deadline(), path.confirmed.deadline()}));
      } else {
        consider(path.next_hello);
      }
    }
  }
  return due;
}

Path* Links::Impl::path_of(NodeId node, LinkId link) {
  const auto it = peers.find(node);
  if (it == peers.end() || link.value >= it->second.paths.size()) return nullptr;
  return &it->second.paths[link.value];
}

void Links::Impl::emit(const Path& path, Bytes frame) {
  out.sends.push_back(Send{path.link, {path.remote}, std::move(frame)});
}

Links::Links(Options options, const seal::ClusterKeys& keys, Incarnation incarnation, seal::Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), keys, incarnation, random)) {}
Links::~Links() = default;
Links::Links(Links&&) noexcept = default;
Links& Links::operator=(Links&&) noexcept = default;

Output Links::start(Instant now) {
  impl_->started = true;
  impl_->last_step = now;
  for (auto& [node, peer] : impl_->peers)
    for (auto& path : peer.paths) impl_->send_hello(path, now);
  return impl_->finish();
}

Output Links::datagram(LinkId link, const Address& from, BytesView bytes, Instant now) {
  impl_->notice_stall(now);
  impl_->on_datagram(link, from, bytes, now);
  return impl_->finish();
}

Output Links::unreachable(LinkId link, const Address& peer, Instant now) {
  impl_->notice_stall(now);
  const auto known = impl_->known_addresses.find(peer);
  auto* path = known == impl_->known_addresses.end() ? nullptr : impl_->path_of(known->second, link);
  if (path != nullptr && path->remote == peer && path->up) {
    ++impl_->counters.unreachable_hints;
    path->hearing.hint(now);
  }
  return impl_->finish();
}

Output Links::tick(Instant now) {
  impl_->notice_stall(now);
  for (auto& [node, peer] : impl_->peers)
    for (auto& path : peer.paths) impl_->tick_path(peer, path, now);
  return impl_->finish();
}

std::optional<Instant> Links::next_deadline() const { return impl_->next_deadline(); }

namespace {
/// The path in use: the lowest one that is up.
const Path* path_in_use(const Peer& peer) {
  const auto it = std::find_if(peer.paths.begin(), peer.paths.end(), [](const Path& p) { return p.up; });
  return it == peer.paths.end() ? nullptr : &*it;
}
}  // namespace

std::vector<Send> Links::send_to(NodeId to, BytesView body) {
  const auto it = impl_->peers.find(to);
  if (it == impl_->peers.end() || !it->second.session) return {};
  const auto* path = path_in_use(it->second);
  if (path == nullptr) return {};
  ++impl_->counters.frames_sent;
  return {Send{path->link, {path->remote}, impl_->sealer.seal(seal::Kind::ring, path->link, it->second.session->incarnation, body, impl_->key_for(*it->second.session))}};
}

std::vector<Send> Links::send_all(BytesView body) {
  // Nearly always one key for all; a peer that missed a rotation gets a frame of its own.
  std::map<std::pair<LinkId, std::uint8_t>, std::vector<Address>> receivers;
  for (const auto& [node, peer] : impl_->peers)
    if (const auto* path = path_in_use(peer)) receivers[{path->link, impl_->key_for(*peer.session)}].push_back(path->remote);
  std::vector<Send> sends;
  for (auto& [way, to] : receivers) {
    const auto [link, key_id] = way;
    ++impl_->counters.frames_sent;
    sends.push_back(Send{link, std::move(to), impl_->sealer.seal(seal::Kind::ring_all, link, {}, body, key_id)});
  }
  return sends;
}

void Links::set_keys(const seal::ClusterKeys& keys) { impl_->set_keys(keys); }

std::vector<PeerStatus> Links::peers() const {
  std::vector<PeerStatus> result;
  for (const auto& [node, peer] : impl_->peers) {
    PeerStatus status{node, peer.up, peer.session ? peer.session->incarnation : Incarnation{}, {}};
    for (const auto& path : peer.paths)
      status.paths.push_back({path.link, path.local, path.remote, path.up, path.latency,
                              std::max(path.hearing.timeout(), path.confirmed.timeout())});
    result.push_back(std::move(status));
  }
  return result;
}

const Counters& Links::counters() const { return impl_->counters; }
const seal::DropCounters& Links::drops() const { return impl_->drops; }

}  // namespace relevo::links
