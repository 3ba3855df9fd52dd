// Signs of life on every path, and the verdict of silence.
#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

/// At the pace, or out of turn: because the peer asks, or because a sign is missing.
void Links::Impl::send_heartbeat(Peer& peer, Path& path, Instant now, bool wants_echo) {
  if (!peer.session) return;
  Heartbeat h;
  h.sent_ns = clock_ns(now);
  h.echo_ns = path.peer_sent_ns;
  if (path.peer_sent_ns != 0) h.hold_ns = static_cast<std::uint64_t>((now - path.peer_sent_at).count());
  h.number = ++path.heartbeats;
  h.up = path.up;
  path.pressing = path.up && doubt_at(path) <= now;
  h.asks = path.up && (wants_echo || path.pressing);
  h.regular = path.regular_due - now <= path.pace.interval / 2;
  if (h.regular) path.regular_due = now + path.pace.interval;
  out.beat |= h.regular;
  h.keys = keys().tags();
  path.next_heartbeat = h.asks ? now + path.pace.interval / 4 : path.regular_due;
  ++counters.heartbeats_sent;
  emit(path, sealer.seal(seal::Kind::heartbeat, path.link, peer.session->incarnation, encode(h), key_for(*peer.session)));
}

/// Since we are awake: what would be due within half an interval goes in the next tick, when all packets that wait are
/// read and can be echoed. So the paths of a node, and the nodes among each other, fall into step, and an idle node wakes
/// up a few times an interval instead of once for each path.
void Links::Impl::fall_into_step(Instant now) {
  for (auto& [node, peer] : peers)
    for (auto& path : peer.paths)
      if (path.up && path.regular_due - now <= path.pace.interval / 2) path.next_heartbeat = std::min(path.next_heartbeat, now);
}

void Links::Impl::on_heartbeat(Peer& peer, Path& path, const Heartbeat& heartbeat, Instant now) {
  if (heartbeat.sent_ns > path.peer_sent_ns) {
    path.peer_sent_ns = heartbeat.sent_ns;
    path.peer_sent_at = now;
  }
  path.meter.loss.came(heartbeat.number);
  if (path.up) path.hearing.sign(now, heartbeat.regular);
  const auto clock = clock_ns(now);
  if (heartbeat.echo_ns > path.last_echo_ns && heartbeat.echo_ns <= clock) {
    path.last_echo_ns = heartbeat.echo_ns;
    // The peer measures how long it held the echo by its own clock: where that runs faster, it may exceed the round trip.
    const auto away = clock - heartbeat.echo_ns;
    path.meter.latency.sample(Duration{static_cast<std::int64_t>(away - std::min(away, heartbeat.hold_ns))});
    if (path.up) path.confirmed.sign(now, heartbeat.regular);
    else good_round_trip(peer, path, now);
    if (path.shaky && path.last_echo_ns >= path.shaky_ns) set_shaky(path, false);
  }
  // One of the two still waits for its proof, or fears for the path: answer now, not at the next beat. A peer that lost a path
  // which is up here has echoed nothing since: it is asked to, or this end would lose the path, too, after the peer has it back.
  if (!heartbeat.up || !path.up || heartbeat.asks) send_heartbeat(peer, path, now, !heartbeat.up);
  if (heartbeat.regular) fall_into_step(now);
}

void Links::Impl::set_shaky(Path& path, bool shaky) {
  if (shaky) path.shaky_ns = clock_ns(last_step);
  if (path.shaky == shaky) return;
  path.shaky = shaky;
  routes_stale = true;
}

void Links::Impl::tick_path(Peer& peer, Path& path, Instant now) {
  if (path.up && (path.hearing.deadline() <= now || path.confirmed.deadline() <= now)) path_down(peer, path, now, true);
  if (!path.up) {
    if (path.next_hello <= now) send_hello(path, now);
    return;
  }
  if (!path.shaky && shaky_at(path) <= now) set_shaky(path, true);
  if (path.usable_at && *path.usable_at <= now) {
    out.notes.push_back(note(Level::info, "link {} to node {} carries traffic again", path.link, peer.node));
    open_path(peer, path);
  }
  if (path.next_heartbeat <= now || (!path.pressing && doubt_at(path) <= now)) send_heartbeat(peer, path, now);
  probe(peer, path, now);
}

}  // namespace relevo::links
