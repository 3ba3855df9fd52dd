// Finding peers and losing them: HELLOs, the proof of an incarnation, paths that come up and go down.
#include <utility>

#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
constexpr int good_needed = 2;
}  // namespace

/// Under `key` when the peer has shown that it has that; else under one usable key after the other.
void Links::Impl::send_hello(Path& path, Instant now, std::optional<seal::KeyTag> key) {
  if (!path.challenge_made || now - *path.challenge_made >= challenge_life) {
    random->fill(path.challenge);
    path.challenge_made = now;
  }
  path.next_hello = now + options.hello;
  ++counters.hellos_sent;
  const auto with = key ? *key : keys().in_turn(path.hellos++).tag();
  emit(path, sealer.seal(seal::Kind::hello, path.link, {}, encode(Hello{path.challenge}), with));
}

/// The answer to our challenge came: the peer runs in this incarnation now. An earlier one is over.
void Links::Impl::prove(Peer& peer, Path& path, const seal::Header& header, std::vector<seal::KeyTag> theirs, seal::KeyTag shown,
                        Instant now) {
  if (!peer.session || peer.session->incarnation != header.incarnation) {
    if (peer.session) {
      ++counters.peer_restarts;
      out.notes.push_back(note(Level::notice, "node {} was restarted", peer.node));
    }
    for (auto& other : peer.paths) {
      if (other.up) path_down(peer, other, now, false);
      other.good = 0;
      other.peer_sent_ns = 0;
      other.heartbeats = 0;
      other.meter.loss.restart();
      other.damping.forget();
    }
    reassembly.forget(peer.node);
    peer.session.emplace(peer.node, header.incarnation, header.sequence);
  } else {
    peer.session->window(path.link).mark(header.sequence);
  }
  learn_keys(*peer.session, header, std::move(theirs), shown);
  routes_stale = true;
  peer.strange_key_since.reset();
  path.challenge_made.reset();
  good_round_trip(peer, path, now);
  if (!path.up) send_heartbeat(peer, path, now);
}

/// One more proof that packets pass both ways.
void Links::Impl::good_round_trip(Peer& peer, Path& path, Instant now) {
  if (path.up) return;
  if (now - path.last_good > challenge_life) path.good = 0;
  path.last_good = now;
  if (++path.good < good_needed) return;
  path.up = true;
  path.hellos = 0;
  path.hearing.start(now);
  path.confirmed.start(now);
  path.next_heartbeat = path.regular_due = now;
  path.mtu.start(now);
  ++path.meter.ups;
  const auto probation = std::max(path.damping.probation(now), path.peer_probation);
  if (probation == Duration{}) {
    if (peer.paths.size() > 1 || !peer.up)
      out.notes.push_back(note(Level::info, "link {} to node {} is up", path.link, peer.node));
    return open_path(peer, path);
  }
  ++counters.probations;
  path.usable_at = now + probation;
  out.notes.push_back(note(Level::notice, "link {} to node {} is up; it has come and gone before, so it carries traffic after {} ms",
                           path.link, peer.node, to_ms(probation)));
}

/// From now on the path carries traffic if it is chosen.
void Links::Impl::open_path(Peer& peer, Path& path) {
  path.usable = true;
  path.usable_at.reset();
  routes_stale = true;
  if (peer.up) return;
  peer.up = true;
  out.events.push_back(PeerUp{peer.node});
}

/// `damped`: the loss counts against the path when it comes back.
void Links::Impl::path_down(Peer& peer, Path& path, Instant now, bool damped) {
  peer.lost_route = peer.lost_route || path.carries;
  path.up = path.usable = path.shaky = path.carries = false;
  path.usable_at.reset();
  path.good = 0;
  path.peer_sent_ns = 0;
  path.peer_probation = {};
  path.challenge_made.reset();
  path.next_hello = now;
  path.mtu.stop();
  if (damped) path.damping.lost(now);
  routes_stale = true;
  ++path.meter.downs;
  ++counters.path_downs;
  out.notes.push_back(note(Level::notice, "link {} to node {} is down", path.link, peer.node));
  if (!peer.up) return;
  for (const auto& other : peer.paths)
    if (other.usable) return;
  // A path on probation is better than none.
  for (auto& other : peer.paths)
    if (other.up) return open_path(peer, other);
  peer.up = false;
  reassembly.forget(peer.node);
  out.events.push_back(PeerDown{peer.node});
}

}  // namespace relevo::links
