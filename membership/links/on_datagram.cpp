// A packet comes in: cheap checks, then the seal, then the window, and only then anything changes.
#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
/// A HELLO that is repeated (by the network or by an attacker with a recording) is not answered faster than this.
constexpr Duration answer_gap = 2ms;
/// A peer that shows an unproven incarnation is challenged at once, but not faster than this.
constexpr Duration challenge_gap = 10ms;
/// Frames up to this size are looked at even when an address has sent too many bad ones: heartbeats are among them.
constexpr std::size_t always_opened = 2048;
/// What a bad tag costs besides the bytes of the frame, in bytes that take as long.
constexpr std::int64_t refusal_base = 600;

/// Kinds that may be sealed for any link, because copies of one body go over several.
bool is_ring_traffic(seal::Kind kind) {
  return kind == seal::Kind::ring || kind == seal::Kind::ring_all || kind == seal::Kind::fragment || kind == seal::Kind::fragment_all;
}
bool is_fragment(seal::Kind kind) { return kind == seal::Kind::fragment || kind == seal::Kind::fragment_all; }
}  // namespace

void Links::Impl::on_bad_tag(Path& path, std::size_t size, Instant now) {
  ++path.meter.errors;
  path.refusals.spend(refusal_base + static_cast<std::int64_t>(size));
  if (limit.allow(Topic::key, path.remote, now))
    out.notes.push_back(note(Level::warning, "packets from {} cannot be authenticated: different authkey or cluster_name?",
                             ip_text(path.remote)));
  drop(seal::Drop::bad_tag);
}

void Links::Impl::on_datagram(LinkId link, const Address& from, BytesView bytes, Instant now) {
  const auto parsed = seal::parse_header(bytes);
  if (!parsed.header) return drop(parsed.reason);
  const auto& header = *parsed.header;
  const auto peer = peers.find(header.sender);
  auto* path = path_of(header.sender, link);
  const bool right_link = header.link == link || (header.link == any_link && is_ring_traffic(header.kind));
  if (peer == peers.end() || path == nullptr || !right_link) {
    if (limit.allow(Topic::sender, from, now))
      out.notes.push_back(note(Level::warning, "packets from {} come in the name of node {} on link {}, which the node list does not have",
                               ip_text(from), header.sender, header.link));
    return drop(seal::Drop::unknown_sender);
  }
  if (without_scope(path->remote) != without_scope(from)) {
    ++counters.unknown_addresses;
    if (limit.allow(Topic::source, from, now))
      out.notes.push_back(note(Level::warning, "packets in the name of node {} come from {}, the node list says {}", header.sender,
                               to_string(from), to_string(path->remote)));
    return drop(seal::Drop::bad_source);
  }
  if (keys().use(header.key_id) != seal::KeyUse::usable) return on_unusable_key(peer->second, from, header, now);
  if (header.incarnation == Incarnation{}) return drop(seal::Drop::other_incarnation);
  if (seal::is_pairwise(header.kind) && header.receiver != incarnation) return drop(seal::Drop::other_incarnation);
  if (bytes.size() > always_opened && path->refusals.is_spent(now)) {
    ++counters.over_budget;
    return;
  }
  if (header.kind == seal::Kind::hello) return on_hello(peer->second, *path, header, bytes, now);
  if (header.kind == seal::Kind::answer) return on_answer(peer->second, *path, header, bytes, now);
  on_session_frame(peer->second, *path, header, bytes, now);
}

/// Stateless but for its pace: a recorded HELLO gains an attacker one answer to the peer's true address.
void Links::Impl::on_hello(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  const bool proven = peer.session && peer.session->incarnation == header.incarnation;
  if (!proven && path.strangers.is_spent(now)) {
    ++counters.over_budget;
    return;
  }
  if (!proven) path.strangers.spend(1);
  const auto opened = open(peer, header, frame);
  if (!opened) return on_bad_tag(path, frame.size(), now);
  const auto challenge = decode_challenge(opened->body);
  if (!challenge) return drop(seal::Drop::bad_content);
  if (now - path.last_answer < answer_gap && path.last_answer != Instant{}) return;
  path.last_answer = now;
  path.meter.received.add(frame.size());
  const Answer answer{*challenge, static_cast<std::uint32_t>(to_ms(path.up ? Duration{} : path.damping.probation(now))), keys().tags()};
  emit(path, sealer.seal(seal::Kind::answer, path.link, header.incarnation, encode(answer), opened->key));
  // Someone new, or one who lost us: prove him at once instead of waiting for our own pace.
  const bool wanted = !proven || !path.up;
  if (wanted && path.next_hello - options.hello + challenge_gap <= now) send_hello(path, now, opened->key);
}

void Links::Impl::on_answer(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  if (!path.challenge_made) return drop(seal::Drop::replay);
  const bool proven = peer.session && peer.session->incarnation == header.incarnation;
  if (proven && !peer.session->window(path.link).is_fresh(header.sequence)) return drop(seal::Drop::replay);
  if (!proven && path.strangers.is_spent(now)) {
    ++counters.over_budget;
    return;
  }
  if (!proven) path.strangers.spend(1);
  const auto opened = open(peer, header, frame);
  if (!opened) return on_bad_tag(path, frame.size(), now);
  auto answer = decode_answer(opened->body);
  if (!answer || answer->challenge != path.challenge) return drop(seal::Drop::replay);
  ++counters.frames_received;
  path.meter.received.add(frame.size());
  path.peer_probation = std::min<Duration>(std::chrono::milliseconds(answer->probation_ms), Damping::longest);
  prove(peer, path, header, std::move(answer->keys), opened->key, now);
}

/// Everything else needs a proven incarnation; the proof is on its way when there is none yet.
void Links::Impl::on_session_frame(Peer& peer, Path& path, const seal::Header& header, BytesView frame, Instant now) {
  if (!peer.session || peer.session->incarnation != header.incarnation) return drop(seal::Drop::other_incarnation);
  auto& window = peer.session->window(header.link);
  if (!window.is_fresh(header.sequence)) {
    if (header.link != any_link) return drop(seal::Drop::replay);
    ++counters.duplicates;
    return;
  }
  auto opened = open(peer, header, frame);
  if (!opened) return on_bad_tag(path, frame.size(), now);
  window.mark(header.sequence);
  guess_newest(*peer.session, header.newest_key);
  ++counters.frames_received;
  path.meter.received.add(frame.size());
  if (header.kind == seal::Kind::heartbeat) {
    auto heartbeat = decode_heartbeat(opened->body);
    if (!heartbeat) return drop(seal::Drop::bad_content);
    if (!heartbeat->keys.empty()) learn_keys(*peer.session, header, std::move(heartbeat->keys), opened->key);
    return on_heartbeat(peer, path, *heartbeat, now);
  }
  if (header.kind == seal::Kind::probe) {
    const auto probe = decode_probe(opened->body);
    if (!probe) return drop(seal::Drop::bad_content);
    return on_probe(peer, path, *probe, frame.size(), now);
  }
  path.meter.received_data.add(frame.size());
  on_ring_traffic(peer, path, header, std::move(opened->body), now);
}

void Links::Impl::on_ring_traffic(Peer& peer, Path& path, const seal::Header& header, Bytes body, Instant now) {
  // The peer counts us as up, so it has heard us in this session: its traffic is the second proof if we have one.
  if (!path.up && path.good > 0) good_round_trip(peer, path, now);
  // It uses the path, so its probation is over or was never asked for: both ends should agree.
  if (path.usable_at) open_path(peer, path);
  if (!peer.up) return drop(seal::Drop::not_up);
  if (path.up) path.hearing.sign(now, false);
  if (!is_fragment(header.kind)) {
    out.events.push_back(Received{peer.node, std::move(body)});
    return;
  }
  const auto part = decode_part(body);
  if (!part) return drop(seal::Drop::bad_content);
  ++counters.fragments_received;
  auto whole = reassembly.take(peer.node, *part);
  counters.bodies_dropped = reassembly.dropped();
  if (whole) out.events.push_back(Received{peer.node, std::move(*whole)});
}

}  // namespace relevo::links
