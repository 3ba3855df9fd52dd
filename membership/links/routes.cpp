// Which paths carry whose traffic: chosen anew when a path, an option or a key changed, not for every packet.
#include <algorithm>
#include <utility>

#include "membership/links/state.hpp"

namespace relevo::links {

/// Usable paths; those in doubt only when there is no other. Then as the mode says.
void Links::Impl::choose(Peer& peer) const {
  peer.routes.clear();
  if (!peer.up) return;
  for (auto& path : peer.paths)
    if (path.usable && !path.shaky) peer.routes.push_back(&path);
  if (peer.routes.empty()) {
    for (auto& path : peer.paths)
      if (path.usable) peer.routes.push_back(&path);
  }
  if (options.mode != Mode::passive || peer.routes.empty()) return;
  const auto best = std::max_element(peer.routes.begin(), peer.routes.end(),
                                     [](const Path* a, const Path* b) { return a->priority < b->priority; });
  peer.routes = {*best};  // among equals max_element gives the first: the lowest link
}

void Links::Impl::refresh_routes() {
  routes_stale = false;
  room = max_body;
  for (auto& [node, peer] : peers) {
    choose(peer);
    bool left = std::exchange(peer.lost_route, false);
    for (auto& path : peer.paths) {
      const bool carries = std::find(peer.routes.begin(), peer.routes.end(), &path) != peer.routes.end();
      left = left || (path.carries && !carries && path.shaky);
      path.carries = carries;
    }
    for (const auto* path : peer.routes) room = std::min(room, path->mtu.size() - seal::max_overhead);
    if (!left || !peer.up) continue;
    ++counters.path_switches;
    out.events.push_back(PathSwitched{node});
  }
  room = std::max<std::size_t>(room, 512);
  group_routes();
}

void Links::Impl::group_routes() {
  std::size_t turns = 1;
  if (options.mode == Mode::round_robin)
    for (const auto& [node, peer] : peers) turns = std::max(turns, peer.routes.size());
  routes_all.assign(turns, {});
  for (std::size_t t = 0; t < turns; ++t) {
    std::map<std::pair<LinkId, seal::KeyTag>, Route> groups;
    for (auto& [node, peer] : peers) {
      if (peer.routes.empty() || !peer.session) continue;
      const auto key = key_for(*peer.session);
      const auto add = [&](Path* path) {
        auto& group = groups[{path->link, key}];
        group.link = path->link;
        group.key = key;
        group.mtu = group.paths.empty() ? path->mtu.size() : std::min(group.mtu, path->mtu.size());
        group.paths.push_back(path);
        group.to.push_back(path->remote);
      };
      if (options.mode == Mode::round_robin) add(peer.routes[t % peer.routes.size()]);
      else std::for_each(peer.routes.begin(), peer.routes.end(), add);
    }
    for (auto& [which, group] : groups) routes_all[t].push_back(std::move(group));
  }
}

}  // namespace relevo::links
