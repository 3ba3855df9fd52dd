// The snapshot of peers and paths for the tools.
#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

namespace {
PathStatus status_of(const Path& path, Instant now) {
  PathStatus s;
  s.link = path.link;
  s.local = path.local;
  s.remote = path.remote;
  s.up = path.up;
  s.active = path.carries;
  s.priority = path.priority;
  const auto& m = path.meter;
  s.latency = m.latency.smooth();
  s.latency_average = m.latency.average();
  s.latency_min = m.latency.least();
  s.latency_max = m.latency.most();
  s.jitter = m.latency.jitter();
  s.timeout = path.hearing.timeout();
  if (path.usable_at) s.probation = std::max(*path.usable_at - now, Duration{0});
  s.mtu = path.mtu.size();
  s.loss_permille = m.loss.permille();
  s.up_count = m.ups;
  s.down_count = m.downs;
  s.sent_packets = m.sent.packets;
  s.sent_bytes = m.sent.bytes;
  s.received_packets = m.received.packets;
  s.received_bytes = m.received.bytes;
  s.sent_data_packets = m.sent_data.packets;
  s.sent_data_bytes = m.sent_data.bytes;
  s.received_data_packets = m.received_data.packets;
  s.received_data_bytes = m.received_data.bytes;
  s.errors = m.errors;
  return s;
}
}  // namespace

std::vector<PeerStatus> Links::peers() const {
  std::vector<PeerStatus> result;
  for (const auto& [node, peer] : impl_->peers) {
    PeerStatus status{node, peer.up, peer.session ? peer.session->incarnation : Incarnation{}, {}};
    for (const auto& path : peer.paths) status.paths.push_back(status_of(path, impl_->last_step));
    result.push_back(std::move(status));
  }
  return result;
}

}  // namespace relevo::links
