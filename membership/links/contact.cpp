// Finding peers and losing them: HELLOs, the proof of an incarnation, heartbeats, and the verdict of silence.
#include <utility>

#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
/// An unanswered challenge is kept so long, so that answers slower than the HELLO pace still count.
constexpr Duration challenge_life = 2s;
constexpr int good_needed = 2;
}  // namespace

/// Under `key_id` when the peer has shown that it has that key; else under one usable key after the other.
void Links::Impl::send_hello(Path& path, Instant now, std::uint8_t key_id) {
  if (!path.challenge_made || now - *path.challenge_made >= challenge_life) {
    random->fill(path.challenge);
    path.challenge_made = now;
  }
  path.next_hello = now + options.hello;
  ++counters.hellos_sent;
  emit(path, sealer.seal(seal::Kind::hello, path.link, {}, encode(Hello{path.challenge}), key_id != 0 ? key_id : keys().in_turn(path.hellos++)));
}

void Links::Impl::send_heartbeat(const Peer& peer, Path& path, Instant now) {
  if (!peer.session) return;
  Heartbeat h{.sent_ns = clock_ns(now), .echo_ns = path.peer_sent_ns, .hold_ns = 0, .up = path.up};
  if (path.peer_sent_ns != 0) h.hold_ns = static_cast<std::uint64_t>((now - path.peer_sent_at).count());
  path.next_heartbeat = now + options.heartbeat;
  ++counters.heartbeats_sent;
  emit(path, sealer.seal(seal::Kind::heartbeat, path.link, peer.session->incarnation, encode(h), key_for(*peer.session)));
}

/// The answer to our challenge came: the peer runs in this incarnation now. An earlier one is over.
void Links::Impl::prove(Peer& peer, Path& path, const seal::Header& header, Instant now) {
  if (!peer.session || peer.session->incarnation != header.incarnation) {
    if (peer.session) {
      ++counters.peer_restarts;
      out.notes.push_back(note(Level::notice, "node {} was restarted", peer.node));
    }
    for (auto& other : peer.paths) {
      if (other.up) path_down(peer, other, now);
      other.good = 0;
      other.peer_sent_ns = 0;
    }
    peer.session = Session{header.incarnation, {peer.node, header.incarnation}, seal::ReplayWindow(header.sequence), header.newest_key};
  } else {
    peer.session->window.mark(header.sequence);
    peer.session->newest_key = header.newest_key;
  }
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
  path.next_heartbeat = now;
  if (peer.paths.size() > 1 || !peer.up)
    out.notes.push_back(note(Level::info, "link {} to node {} is up", path.link, peer.node));
  if (peer.up) return;
  peer.up = true;
  out.events.push_back(PeerUp{peer.node});
}

void Links::Impl::path_down(Peer& peer, Path& path, Instant now) {
  path.up = false;
  path.good = 0;
  path.peer_sent_ns = 0;
  path.challenge_made.reset();
  path.next_hello = now;
  ++counters.path_downs;
  out.notes.push_back(note(Level::notice, "link {} to node {} is down", path.link, peer.node));
  for (const auto& other : peer.paths)
    if (other.up) return;
  peer.up = false;
  out.events.push_back(PeerDown{peer.node});
}

void Links::Impl::tick_path(Peer& peer, Path& path, Instant now) {
  if (path.up && (path.hearing.deadline() <= now || path.confirmed.deadline() <= now)) path_down(peer, path, now);
  if (path.up && path.next_heartbeat <= now) send_heartbeat(peer, path, now);
  if (!path.up && path.next_hello <= now) send_hello(path, now);
}

}  // namespace relevo::links
