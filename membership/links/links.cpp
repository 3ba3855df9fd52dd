// The entries of a step, one's own stalls, and the snapshot for the tools.
#include "membership/links/links.hpp"

#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

Links::Impl::Impl(Options o, const seal::ClusterKeys& k, Incarnation i, seal::Random& r)
    : incarnation(i), random(&r), sealer(k, o.self, i, r) {
  reconfigure(std::move(o), Instant{});
}

Output Links::Impl::finish() {
  if (routes_stale) refresh_routes();
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
  if (late > options.link_timeout && limit.allow(Topic::stall, now))
    out.notes.push_back(note(Level::warning, "this process was not scheduled for {} ms: is the machine overloaded or was it paused?",
                             to_ms(late)));
}

std::optional<Instant> Links::Impl::next_deadline() const {
  if (!started) return std::nullopt;
  std::optional<Instant> due;
  const auto consider = [&](Instant t) { due = due ? std::min(*due, t) : t; };
  for (const auto& [node, peer] : peers) {
    for (const auto& path : peer.paths) {
      if (!path.up) {
        consider(path.next_hello);
        continue;
      }
      consider(std::min({path.next_heartbeat, path.hearing.deadline(), path.confirmed.deadline()}));
      if (!path.pressing) consider(doubt_at(path));
      if (!path.shaky) consider(shaky_at(path));
      if (path.usable_at) consider(*path.usable_at);
      if (path.mtu.next()) consider(*path.mtu.next());
    }
  }
  return due;
}

Path* Links::Impl::path_of(NodeId node, LinkId link) {
  const auto it = peers.find(node);
  if (it == peers.end()) return nullptr;
  for (auto& path : it->second.paths)
    if (path.link == link) return &path;
  return nullptr;
}

std::pair<Peer*, Path*> Links::Impl::path_to(LinkId link, const Address& remote) {
  for (auto& [node, peer] : peers) {
    for (auto& path : peer.paths) {
      auto there = without_scope(path.remote);
      if (remote.port == 0) there.port = 0;
      if (path.link == link && there == without_scope(remote)) return {&peer, &path};
    }
  }
  return {};
}

void Links::Impl::emit(Path& path, Bytes frame) {
  path.meter.sent.add(frame.size());
  out.sends.push_back(Send{path.link, {path.remote}, std::move(frame)});
}

void Links::Impl::tick(Instant now) {
  const auto due = [&](const auto& entry) {
    return std::any_of(entry.second.paths.begin(), entry.second.paths.end(),
                       [&](const Path& path) { return path.up && path.next_heartbeat <= now; });
  };
  if (std::any_of(peers.begin(), peers.end(), due)) fall_into_step(now);
  for (auto& [node, peer] : peers)
    for (auto& path : peer.paths) tick_path(peer, path, now);
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
  if (auto* path = impl_->path_to(link, peer).second; path != nullptr && path->up) {
    ++impl_->counters.unreachable_hints;
    path->hearing.hint(now);
  }
  return impl_->finish();
}

Output Links::send_failed(LinkId link, const Address& peer, Instant now) {
  impl_->notice_stall(now);
  if (auto* path = impl_->path_to(link, peer).second; path != nullptr) {
    ++path->meter.errors;
    if (path->up) {
      ++impl_->counters.unreachable_hints;
      path->hearing.hint(now);
      impl_->set_shaky(*path, true);
    }
  }
  return impl_->finish();
}

Output Links::too_big(LinkId link, const Address& peer, std::size_t payload, bool local, Instant now) {
  impl_->notice_stall(now);
  if (const auto [who, path] = impl_->path_to(link, peer); path != nullptr && path->up) {
    const auto before = path->mtu.size();
    if (local) path->mtu.refused(payload, now);
    else if (payload < before) path->mtu.doubted(now);
    impl_->note_mtu(*who, *path, before);
    impl_->probe(*who, *path, now);
  }
  return impl_->finish();
}

Output Links::tick(Instant now) {
  impl_->notice_stall(now);
  impl_->tick(now);
  return impl_->finish();
}

Output Links::reconfigure(Options options, Instant now) {
  impl_->notice_stall(now);
  impl_->reconfigure(std::move(options), now);
  return impl_->finish();
}

std::optional<Instant> Links::next_deadline() const { return impl_->next_deadline(); }
std::vector<Send> Links::send_to(NodeId to, BytesView body) { return impl_->send_to(to, body); }
std::vector<Send> Links::send_all(BytesView body) { return impl_->send_all(body); }
std::size_t Links::frame_room() const { return impl_->room; }
void Links::set_keys(const seal::ClusterKeys& keys) { impl_->set_keys(keys); }
const Counters& Links::counters() const { return impl_->counters; }
const seal::DropCounters& Links::drops() const { return impl_->drops; }

}  // namespace relevo::links
