// Rings and deliveries. At a change of rings the members that go together deliver the same messages of the old ring:
// those that any of them had delivered before the transitional configuration, the rest of what any has after it.
#include "tests/sim_cluster/bus.hpp"

#include <algorithm>

namespace relevo::sim {

Bus::Bus(std::size_t nodes, Rng rng) : rng_(rng) {
  for (std::uint32_t i = 1; i <= nodes; ++i) daemons_[NodeId(i)].id = NodeId(i);
}

void Bus::start(NodeId id) {
  auto& daemon = at(id);
  daemon = {};
  daemon.id = id;
  daemon.up = true;
  reform({id});
}

void Bus::kill(NodeId id) {
  auto& daemon = at(id);
  if (daemon.ring) daemon.ring->frozen = true;
  daemon = {};
  daemon.id = id;
}

void Bus::freeze(NodeId id) {
  if (at(id).ring) at(id).ring->frozen = true;
}

Member Bus::connect(NodeId id) {
  auto& daemon = at(id);
  daemon.client = Member{id, ++last_client_};
  daemon.inbox.clear();
  controller::Connected welcome{id, daemon.client->client, {}};
  for (const auto& [node, d] : daemons_) welcome.nodes.push_back({node, "n" + std::to_string(node.value)});
  hand(daemon, std::move(welcome));
  hand(daemon, Configuration{Configuration::Kind::regular, daemon.ring->id, daemon.ring->members});
  hand(daemon, daemon.quorum);
  return *daemon.client;
}

void Bus::disconnect(NodeId id) {
  auto& daemon = at(id);
  if (!daemon.client) return;
  daemon.outbox.push_back(Leave{{*daemon.client, groups::Reason::process_down}});
  daemon.client.reset();
  daemon.inbox.clear();
}

void Bus::hand(BusDaemon& daemon, controller::Input input) {
  if (daemon.client) daemon.inbox.push_back({std::move(input), daemon.ring->id, 0, false, 0});
}

void Bus::set_quorum(BusDaemon& daemon, const std::vector<NodeId>& members, bool only_withdraw) {
  QuorumView view;
  view.quorum = static_cast<std::uint32_t>(daemons_.size() / 2 + 1);
  view.expected_votes = static_cast<std::uint32_t>(daemons_.size());
  view.total_votes = static_cast<std::uint32_t>(members.size());
  view.members = members;
  view.votes.assign(members.size(), 1);
  view.quorate = view.total_votes >= view.quorum;
  view.ring = daemon.ring->id;
  view.reason = view.quorate ? "enough votes" : "too few votes";
  if (only_withdraw && (view.quorate || !daemon.quorum.quorate)) return;
  daemon.quorum = view;
  hand(daemon, view);
}

void Bus::tell_view(BusDaemon& daemon, std::vector<Member> joined, std::vector<groups::Departure> left) {
  if (!daemon.client || !daemon.group.contains(*daemon.client)) return;
  groups::GroupView view;
  view.group = controller::group_name;
  view.ring = daemon.ring->id;
  view.members.assign(daemon.group.begin(), daemon.group.end());
  view.joined = std::move(joined);
  view.left = std::move(left);
  hand(daemon, std::move(view));
}

void Bus::deliver_entry(BusDaemon& daemon, const Entry& entry, std::size_t place) {
  if (const auto* join = std::get_if<Join>(&entry)) {
    if (daemon.group.insert(join->member).second) tell_view(daemon, {join->member}, {});
  } else if (const auto* leave = std::get_if<Leave>(&entry)) {
    if (daemon.group.erase(leave->departure.member) > 0) tell_view(daemon, {}, {leave->departure});
  } else if (daemon.client && daemon.group.contains(*daemon.client)) {
    daemon.inbox.push_back({std::get<groups::GroupMessage>(entry), daemon.ring->id, place, true, daemon.parting});
  }
}

bool Bus::may_deliver(const BusDaemon& daemon) const {
  const auto& ring = *daemon.ring;
  if (daemon.delivered >= ring.received.at(daemon.id)) return false;
  const auto* message = std::get_if<groups::GroupMessage>(&ring.log[daemon.delivered]);
  if (message == nullptr || message->guarantee == groups::Guarantee::agreed) return true;
  return std::all_of(ring.received.begin(), ring.received.end(),
                     [&](const auto& r) { return r.second > daemon.delivered; });
}

void Bus::deliver(BusDaemon& daemon) {
  const auto place = daemon.delivered++;
  deliver_entry(daemon, daemon.ring->log[place], place);
}

void Bus::turn(Ring& ring) {
  if (ring.frozen) return;
  // The token visits one member; what it has to say gets its place.
  const auto holder = ring.members[rng_.below(ring.members.size())];
  auto& daemon = at(holder);
  for (auto& entry : daemon.outbox) ring.log.push_back(std::move(entry));
  daemon.outbox.clear();
  ring.received[holder] = ring.log.size();
  for (const auto id : ring.members) {
    auto& received = ring.received[id];
    received += rng_.below(ring.log.size() - received + 1);
  }
  for (const auto id : ring.members)
    for (auto n = rng_.below(6); n > 0 && may_deliver(at(id)); --n) deliver(at(id));
}

void Bus::turn() {
  std::set<std::shared_ptr<Ring>> rings;
  std::vector<std::shared_ptr<Ring>> order;
  for (auto& [id, daemon] : daemons_)
    if (daemon.up && rings.insert(daemon.ring).second) order.push_back(daemon.ring);
  for (auto& ring : order) turn(*ring);
}

void Bus::leave_ring(const std::vector<NodeId>& together, const Ring& old) {
  std::size_t before = 0;
  std::size_t all = 0;
  for (const auto id : together) {
    before = std::max(before, at(id).delivered);
    all = std::max(all, old.received.at(id));
  }
  ++last_parting_;
  for (const auto id : together) {
    auto& daemon = at(id);
    while (daemon.delivered < before) deliver(daemon);
    daemon.parting = last_parting_;
    hand(daemon, Configuration{Configuration::Kind::transitional, old.id, together});
    set_quorum(daemon, together, true);
    while (daemon.delivered < all) deliver(daemon);
  }
}

void Bus::reform(const std::vector<NodeId>& members) {
  std::map<RingId, std::vector<NodeId>> by_ring;
  for (const auto id : members)
    if (at(id).ring) by_ring[at(id).ring->id].push_back(id);
  for (const auto& [id, together] : by_ring) leave_ring(together, *at(together.front()).ring);
  auto ring = std::make_shared<Ring>();
  ring->id = {members.front(), last_seq_ += 4};
  ring->members = members;
  std::set<Member> everyone;
  for (const auto id : members)
    for (const auto& m : at(id).group)
      if (m.node == id) everyone.insert(m);
  for (const auto id : members) {
    auto& daemon = at(id);
    const auto together = daemon.ring ? by_ring[daemon.ring->id] : std::vector<NodeId>{id};
    ring->received[id] = 0;
    daemon.ring = ring;
    daemon.delivered = 0;
    daemon.parting = 0;
    hand(daemon, Configuration{Configuration::Kind::regular, ring->id, members});
    set_quorum(daemon, members, false);
    std::vector<groups::Departure> left;
    for (const auto& m : daemon.group)
      if (std::find(together.begin(), together.end(), m.node) == together.end())
        left.push_back({m, groups::Reason::node_down});
    for (const auto& gone : left) daemon.group.erase(gone.member);
    if (!left.empty()) tell_view(daemon, {}, left);
    std::vector<Member> joined;
    for (const auto& m : everyone)
      if (daemon.group.insert(m).second) joined.push_back(m);
    if (!joined.empty()) tell_view(daemon, joined, {});
  }
}

}  // namespace relevo::sim
