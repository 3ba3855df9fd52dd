// Nodes, links, addresses and timers as the options say, at the start and at every change while running.
#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

Pace Links::Impl::pace_of(LinkId link) const {
  const LinkOptions own = link.value < options.links.size() ? options.links[link.value] : LinkOptions{};
  Pace pace;
  pace.interval = std::max<Duration>(own.heartbeat > Duration{} ? own.heartbeat : options.heartbeat, 1ms);
  pace.floor = std::max(own.timeout > Duration{} ? own.timeout : options.link_timeout, pace.interval * 5 / 2);
  const bool common = own.timeout == Duration{} && options.link_timeout_max > Duration{};
  pace.ceiling = std::max(common ? options.link_timeout_max : pace.floor * 2, pace.floor);
  return pace;
}

MtuSearch::Limits Links::Impl::mtu_limits(const Address& remote) const {
  MtuSearch::Limits limits;
  limits.headers = remote.family == Address::Family::v6 ? 48 : 28;
  limits.base = 1280 - 48;
  limits.least = 576 - 68;
  limits.most = std::min<std::size_t>(max_body + seal::max_overhead, 65'535 - limits.headers);
  if (options.mtu != 0) limits.fixed = std::clamp<std::size_t>(options.mtu, limits.least, limits.most);
  limits.interval = std::max<Duration>(options.pmtud_interval, 1s);
  return limits;
}

void Links::Impl::reconfigure(Options fresh, Instant now) {
  options = std::move(fresh);
  routes_stale = true;
  const auto wanted = [&](NodeId node) {
    return node != options.self && options.addresses.contains(node) && options.addresses.contains(options.self);
  };
  for (auto it = peers.begin(); it != peers.end();) {
    if (wanted(it->first)) {
      ++it;
      continue;
    }
    reassembly.forget(it->first);
    if (it->second.up) out.events.push_back(PeerDown{it->first});
    it = peers.erase(it);
  }
  for (const auto& [node, addresses] : options.addresses) {
    if (!wanted(node)) continue;
    auto& peer = peers[node];
    peer.node = node;
    fit_paths(peer, now);
  }
}

/// Paths whose two addresses are the same go on; the others end, and new ones begin with a HELLO.
void Links::Impl::fit_paths(Peer& peer, Instant now) {
  const auto& here = options.addresses.at(options.self);
  const auto& there = options.addresses.at(peer.node);
  const auto exists = [&](std::size_t n) {
    return n < std::min({here.size(), there.size(), max_links}) && here[n].family != Address::Family::none &&
           here[n].family == there[n].family;
  };
  for (auto& path : peer.paths) {
    const std::size_t n = path.link.value;
    const bool stays = exists(n) && path.local == here[n] && path.remote == there[n];
    if (!stays && path.up) path_down(peer, path, now, false);
  }
  std::vector<Path> paths;
  for (std::size_t n = 0; n < max_links; ++n) {
    if (!exists(n)) continue;
    const LinkId link{static_cast<std::uint8_t>(n)};
    const auto old = std::find_if(peer.paths.begin(), peer.paths.end(), [&](const Path& p) {
      return p.link == link && p.local == here[n] && p.remote == there[n];
    });
    if (old != peer.paths.end()) {
      paths.push_back(std::move(*old));
      paths.back().mtu.set_limits(mtu_limits(there[n]), now);
    } else {
      paths.emplace_back(link, here[n], there[n], pace_of(link), mtu_limits(there[n]));
      paths.back().next_hello = now;
    }
    auto& path = paths.back();
    path.pace = pace_of(link);
    path.hearing.set_pace(path.pace);
    path.confirmed.set_pace(echo_pace(path.pace));
    path.next_heartbeat = std::min(path.next_heartbeat, now + path.pace.interval);
    path.priority = n < options.links.size() ? options.links[n].priority : LinkOptions{}.priority;
  }
  peer.paths = std::move(paths);
}

}  // namespace relevo::links
