// Path MTU: questions padded to the size that is asked about, short answers, and what follows from a change.
#include "membership/links/state.hpp"

namespace relevo::links {

/// Sends the probe that is due, if one is. A path in doubt is not asked: what is lost there says nothing about sizes.
void Links::Impl::probe(Peer& peer, Path& path, Instant now) {
  if (!path.up || !peer.session || !path.mtu.next() || *path.mtu.next() > now) return;
  if (doubt_at(path) <= now) return path.mtu.postpone(now + path.pace.interval);
  const auto before = path.mtu.size();
  const auto size = path.mtu.probe(now, patience(path));
  note_mtu(peer, path, before);
  if (!size) return;
  const Probe question{false, static_cast<std::uint32_t>(*size)};
  emit(path, sealer.seal(seal::Kind::probe, path.link, peer.session->incarnation,
                         encode(question, *size - seal::max_overhead - probe_size), key_for(*peer.session)));
}

void Links::Impl::on_probe(Peer& peer, Path& path, const Probe& probe, std::size_t frame_size, Instant now) {
  if (!path.up) return;
  path.hearing.sign(now, false);
  if (!probe.answer) {
    if (probe.size != frame_size) return drop(seal::Drop::bad_content);
    emit(path, sealer.seal(seal::Kind::probe, path.link, peer.session->incarnation, encode(Probe{true, probe.size}, 0),
                           key_for(*peer.session)));
    return;
  }
  const auto before = path.mtu.size();
  path.mtu.passed(probe.size, now);
  note_mtu(peer, path, before);
  this->probe(peer, path, now);
}

void Links::Impl::note_mtu(const Peer& peer, Path& path, std::size_t before) {
  const auto size = path.mtu.size();
  if (size == before) return;
  routes_stale = true;
  ++counters.mtu_changes;
  if (size < before && limit.allow(Topic::mtu, path.remote, last_step))
    out.notes.push_back(note(Level::warning, "link {} to node {}: packets of {} bytes are lost while small ones pass, so at most {} are sent: "
                             "is the MTU right all along the way?", path.link, peer.node, before, size));
}

}  // namespace relevo::links
