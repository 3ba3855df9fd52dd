// A packet comes in: cheap checks, then the seal, then the window, and only then anything changes.
#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
/// A HELLO that is repeated (by the network or by an attacker with a recording) is not answered faster than this.
constexpr Duration answer_gap = 2ms;
/// A peer that shows an unproven incarnation is challenged at once, but not faster than this.
constexpr Duration challenge_gap = 10ms;

bool same_place(const Address& a, const Address& b) {
  // The scope of a link-local address is this host's own business.
  return a.family == b.family && a.port == b.port && a.bytes == b.bytes;
}
}  // namespace

void Links::Impl::note_unauthentic(const Address& from, Instant now) {
  if (limit.allow("key " + ip_text(from), now))
    out.notes.push_back(note(Level::warning, "packets from {} cannot be authenticated: different authkey or cluster_name?", ip_text(from)));
}

void Links::Impl::on_datagram(LinkId link, const Address& from, BytesView bytes, Instant now) {
  const auto parsed = seal::parse_header(bytes);
  if (!parsed.header) return drop(parsed.reason);
  const auto& header = *parsed.header;
  const auto peer = peers.find(header.sender);
  auto* path = path_of(header.sender, link);
  if (peer == peers.end() || path == nullptr || header.link != link) {
    if (limit.allow("sender " + ip_text(from), now))
      out.notes.push_back(note(Level::warning, "packets from {} come in the name of node {} on link {}, which the node list does not have",
                               ip_text(from), header.sender, header.link));
    return drop(seal::Drop::unknown_sender);
  }
  if (!same_place(path->remote, from)) {
    ++counters.unknown_addresses;
    if (limit.allow("source " + ip_text(from), now))
      out.notes.push_back(note(Level::warning, "packets in the name of node {} come from {}, the node list says {}", header.sender,
                               to_string(from), to_string(path->remote)));
    return drop(seal::Drop::bad_source);
  }
  if (keys().use(header.key_id) != seal::KeyUse::usable) return on_unusable_key(peer->second, from, header, now);
  if (header.incarnation == Incarnation{}) return drop(seal::Drop::other_incarnation);
  if (seal::is_pairwise(header.kind) && header.receiver != incarnation) return drop(seal::Drop::other_incarnation);
  if (header.kind == seal::Kind::hello) return on_hello(peer->second, *path, header, bytes, now);
  if (header.kind == seal::Kind::answer) return on_answer(peer->second, *path, header, bytes, now);
  on_session_frame(peer->second, *path, header, bytes, now);
}

/// Stateless but for its pace: a recorded HELLO gains an attacker one answer to the peer's true address.
void Links::Impl::on_hello(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  const bool proven = peer.session && peer.session->incarnation == header.incarnation;
  const auto body = open(peer, header, frame);
  if (!body) {
    note_unauthentic(path.remote, now);
    return drop(seal::Drop::bad_tag);
  }
  const auto challenge = decode_challenge(*body);
  if (!challenge) return drop(seal::Drop::bad_content);
  if (now - path.last_answer < answer_gap && path.last_answer != Instant{}) return;
  path.last_answer = now;
  emit(path, sealer.seal(seal::Kind::answer, path.link, header.incarnation, encode(Answer{*challenge}), header.key_id));
  // Someone new, or one who lost us: prove him at once instead of waiting for our own pace.
  const bool wanted = !proven || !path.up;
  if (wanted && path.next_hello - options.hello + challenge_gap <= now) send_hello(path, now, header.key_id);
}

void Links::Impl::on_answer(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  if (!path.challenge_made) return drop(seal::Drop::replay);
  const bool proven = peer.session && peer.session->incarnation == header.incarnation;
  if (proven && !peer.session->window.is_fresh(header.sequence)) return drop(seal::Drop::replay);
  const auto body = open(peer, header, frame);
  if (!body) {
    note_unauthentic(path.remote, now);
    return drop(seal::Drop::bad_tag);
  }
  const auto challenge = decode_challenge(*body);
  if (!challenge || *challenge != path.challenge) return drop(seal::Drop::replay);
  ++counters.frames_received;
  prove(peer, path, header, now);
}

/// Everything else needs a proven incarnation; the proof is on its way when there is none yet.
void Links::Impl::on_session_frame(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  if (!peer.session || peer.session->incarnation != header.incarnation) return drop(seal::Drop::other_incarnation);
  if (!peer.session->window.is_fresh(header.sequence)) return drop(seal::Drop::replay);
  auto body = open(peer, header, frame);
  if (!body) {
    note_unauthentic(path.remote, now);
    return drop(seal::Drop::bad_tag);
  }
  peer.session->window.mark(header.sequence);
  peer.session->newest_key = header.newest_key;
  ++counters.frames_received;
  if (header.kind == seal::Kind::heartbeat) {
    const auto heartbeat = decode_heartbeat(*body);
    if (!heartbeat) return drop(seal::Drop::bad_content);
    return on_heartbeat(peer, path, *heartbeat, now);
  }
  // The peer counts us as up, so it has heard us in this session: its traffic is the second proof if we have one.
  if (!path.up && path.good > 0) good_round_trip(peer, path, now);
  if (!peer.up) return drop(seal::Drop::not_up);
  if (path.up) path.hearing.sign(now, false);
  out.events.push_back(Received{peer.node, std::move(*body)});
}

void Links::Impl::on_heartbeat(Peer& peer, Path& path, const Heartbeat& heartbeat, Instant now) {
  if (heartbeat.sent_ns > path.peer_sent_ns) {
    path.peer_sent_ns = heartbeat.sent_ns;
    path.peer_sent_at = now;
  }
  if (path.up) path.hearing.sign(now, true);
  const auto clock = clock_ns(now);
  if (heartbeat.echo_ns > path.last_echo_ns && heartbeat.echo_ns <= clock && heartbeat.hold_ns <= clock - heartbeat.echo_ns) {
    path.last_echo_ns = heartbeat.echo_ns;
    const Duration sample{static_cast<std::int64_t>(clock - heartbeat.echo_ns - heartbeat.hold_ns)};
    path.latency = path.latency == Duration{} ? sample : path.latency + (sample - path.latency) / 8;
    if (path.up) path.confirmed.sign(now, true);
    else good_round_trip(peer, path, now);
  }
  // One of the two still waits for its proof: answer now, not at the next beat.
  if (!heartbeat.up || !path.up) send_heartbeat(peer, path, now);
}

}  // namespace relevo::links
