// The links' side of a step: what the kernel says of sends, and what the ring must know of paths.
#include "membership/stack/impl.hpp"

namespace relevo::stack {

void Stack::Impl::on(const Unreachable& input, Instant now) { take(links.unreachable(input.link, input.peer, now), now); }

void Stack::Impl::on(const SendFailed& input, Instant now) { take(links.send_failed(input.link, input.peer, now), now); }

void Stack::Impl::on(const PacketTooBig& input, Instant now) {
  take(links.too_big(input.link, input.peer, input.payload, input.local, now), now);
}

/// The ring's frames follow the narrowest path in use; larger ones that exist already go in parts.
void Stack::Impl::tell_room(Instant now) {
  const auto room = links.frame_room();
  if (room == told_room) return;
  told_room = room;
  take(ring.step(totem::FrameRoom{room}, now));
}

std::vector<LinkStatus> Stack::Impl::link_status(const links::PeerStatus& peer) {
  std::vector<LinkStatus> result;
  for (const auto& path : peer.paths) {
    LinkStatus s;
    s.link = path.link;
    s.local = path.local;
    s.remote = path.remote;
    s.up = path.up;
    s.active = path.active;
    s.priority = path.priority;
    s.latency = path.latency;
    s.timeout = path.timeout;
    s.latency_average = path.latency_average;
    s.latency_min = path.latency_min;
    s.latency_max = path.latency_max;
    s.jitter = path.jitter;
    s.probation = path.probation;
    s.mtu = static_cast<std::uint32_t>(path.mtu);
    s.loss_permille = path.loss_permille;
    s.up_count = path.up_count;
    s.down_count = path.down_count;
    s.sent_packets = path.sent_packets;
    s.sent_bytes = path.sent_bytes;
    s.received_packets = path.received_packets;
    s.received_bytes = path.received_bytes;
    s.errors = path.errors;
    result.push_back(s);
  }
  return result;
}

void Stack::Impl::count_links(std::map<std::string, std::uint64_t>& c) const {
  for (std::size_t i = 0; i < seal::drop_reasons; ++i)
    c["seal.dropped." + std::string(seal::name(static_cast<seal::Drop>(i)))] = links.drops()[i];
  const auto& l = links.counters();
  c["links.frames_sent"] = l.frames_sent;
  c["links.frames_received"] = l.frames_received;
  c["links.hellos_sent"] = l.hellos_sent;
  c["links.heartbeats_sent"] = l.heartbeats_sent;
  c["links.path_downs"] = l.path_downs;
  c["links.path_switches"] = l.path_switches;
  c["links.probations"] = l.probations;
  c["links.peer_restarts"] = l.peer_restarts;
  c["links.unreachable_hints"] = l.unreachable_hints;
  c["links.stalls"] = l.stalls;
  c["links.duplicates"] = l.duplicates;
  c["links.over_budget"] = l.over_budget;
  c["links.mtu_changes"] = l.mtu_changes;
  c["links.fragments_sent"] = l.fragments_sent;
  c["links.fragments_received"] = l.fragments_received;
  c["links.bodies_dropped"] = l.bodies_dropped;
  c["links.frame_room"] = links.frame_room();
}

}  // namespace relevo::stack
