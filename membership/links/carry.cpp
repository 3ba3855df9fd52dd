// Ring traffic out: sealed for its link, in parts where a path's packets are smaller, copied where the mode says so.
#include <algorithm>

#include "membership/links/state.hpp"

namespace relevo::links {

/// One sealed frame, or several with a part each. Nothing when the body is larger than any that may be sent.
std::vector<Bytes> Links::Impl::frames(bool pairwise, LinkId link, Incarnation receiver, BytesView body, std::size_t mtu,
                                       seal::KeyTag key) {
  if (body.size() + seal::max_overhead <= mtu)
    return {sealer.seal(pairwise ? seal::Kind::ring : seal::Kind::ring_all, link, receiver, body, key)};
  if (body.size() > max_body) return {};
  const auto largest = mtu - seal::max_overhead - part_header;
  const auto count = (body.size() + largest - 1) / largest;
  const auto size = part_size(body.size(), count);
  std::vector<Bytes> result;
  Part part{++last_body, static_cast<std::uint32_t>(body.size()), 0, static_cast<std::uint8_t>((body.size() + size - 1) / size), {}};
  for (; part.index < part.count; ++part.index) {
    const auto begin = part.index * size;
    part.data = body.subspan(begin, std::min(size, body.size() - begin));
    ++counters.fragments_sent;
    result.push_back(sealer.seal(pairwise ? seal::Kind::fragment : seal::Kind::fragment_all, link, receiver, encode(part), key));
  }
  return result;
}

namespace {
void count(Path& path, const Bytes& frame, Instant now) {
  path.meter.sent.add(frame.size());
  path.meter.sent_data.add(frame.size());
  if (frame.size() > MtuSearch::Limits{}.base) path.mtu.large_frame_sent(now);
}
}  // namespace

std::vector<Send> Links::Impl::send_to(NodeId to, BytesView body) {
  const auto it = peers.find(to);
  if (it == peers.end() || !it->second.session || it->second.routes.empty()) return {};
  auto& peer = it->second;
  auto routes = peer.routes;
  if (options.mode == Mode::round_robin) routes = {peer.routes[turn_to_one++ % peer.routes.size()]};
  const auto narrow = *std::min_element(routes.begin(), routes.end(),
                                        [](const Path* a, const Path* b) { return a->mtu.size() < b->mtu.size(); });
  const auto link = routes.size() > 1 ? any_link : routes[0]->link;
  const auto made = frames(true, link, peer.session->incarnation, body, narrow->mtu.size(), key_for(*peer.session));
  std::vector<Send> sends;
  for (auto* path : routes) {
    for (const auto& frame : made) {
      count(*path, frame, last_step);
      sends.push_back(Send{path->link, {path->remote}, frame});
    }
  }
  counters.frames_sent += sends.size();
  return sends;
}

std::vector<Send> Links::Impl::send_all(BytesView body) {
  if (routes_all.empty()) return {};
  const auto& groups = routes_all[turn_to_all++ % routes_all.size()];
  std::vector<Send> sends;
  const auto add = [&](const Route& group, Bytes frame) {
    for (auto* path : group.paths) count(*path, frame, last_step);
    sends.push_back(Send{group.link, group.to, std::move(frame)});
  };
  if (options.mode == Mode::active) {
    // One sealing for all links of a key: the window of "any link" takes the first copy.
    std::map<seal::KeyTag, std::size_t> narrowest;
    for (const auto& group : groups) {
      auto& mtu = narrowest.emplace(group.key, group.mtu).first->second;
      mtu = std::min(mtu, group.mtu);
    }
    for (const auto& [key, mtu] : narrowest) {
      const auto made = frames(false, any_link, {}, body, mtu, key);
      for (const auto& group : groups)
        if (group.key == key)
          for (const auto& frame : made) add(group, frame);
    }
  } else {
    for (const auto& group : groups)
      for (auto& frame : frames(false, group.link, {}, body, group.mtu, group.key)) add(group, std::move(frame));
  }
  counters.frames_sent += sends.size();
  return sends;
}

}  // namespace relevo::links
