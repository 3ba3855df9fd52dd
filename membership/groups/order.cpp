// What the total order does to the groups: configurations, the sync after each, joins, leaves and messages.
#include <algorithm>
#include <utility>

#include "membership/groups/groups.hpp"

namespace relevo::groups {

std::vector<Event> Groups::on_configuration(const Configuration& configuration, BytesView note) {
  if (configuration.kind == Configuration::Kind::transitional) {
    breaking_up_ = std::set<NodeId>(configuration.members.begin(), configuration.members.end());
    events_.push_back(configuration);
  } else {
    on_regular(configuration, note);
  }
  return std::exchange(events_, {});
}

void Groups::on_regular(const Configuration& configuration, BytesView note) {
  // The last ring ended before its lists were complete. What was delivered on it was delivered alike to all that
  // came with us, so it is applied among those: to the others it never belonged.
  for (auto& held : std::exchange(held_, {}))
    if (together_.count(held.sender) != 0) apply(held.sender, held.guarantee, std::move(held.payload));

  events_.push_back(configuration);
  ring_ = configuration.ring;
  ring_members_ = std::set<NodeId>(configuration.members.begin(), configuration.members.end());
  if (breaking_up_) std::erase_if(together_, [&](NodeId n) { return breaking_up_->count(n) == 0; });
  breaking_up_.reset();
  together_.insert(self_);
  lists_.clear();
  synced_ = false;

  JoinList list{ring_, Bytes(note.begin(), note.end()), {}};
  for (auto& [group, members] : groups_) {
    std::vector<Departure> left;
    for (const auto& [m, pid] : members) {
      if (m.node == self_) list.entries.push_back({group, m.client, pid});
      if (together_.count(m.node) == 0) left.push_back({m, Reason::node_down});
    }
    std::erase_if(members, [&](const auto& entry) { return together_.count(entry.first.node) == 0; });
    if (!left.empty()) emit_view(group, members, {}, Reason::join, std::move(left));
  }
  std::erase_if(groups_, [](const auto& entry) { return entry.second.empty(); });
  list_out_ = Outgoing{encode(Payload{std::move(list)}), Guarantee::agreed, 0};
}

std::vector<Event> Groups::on_delivery(totem::Delivery delivery) {
  auto payload = decode(delivery.payload);
  if (!payload) {
    ++counters_.unreadable;
  } else if (auto* list = std::get_if<JoinList>(&*payload)) {
    // A list that was overtaken by the next ring speaks of a configuration that is over.
    if (!synced_ && list->ring == ring_ && ring_members_.count(delivery.sender) != 0) {
      lists_.insert_or_assign(delivery.sender, std::move(*list));
      if (lists_.size() == ring_members_.size()) finish_sync();
    }
  } else if (synced_) {
    apply(delivery.sender, delivery.guarantee, std::move(*payload));
  } else {
    held_.push_back({delivery.sender, delivery.guarantee, std::move(*payload)});
  }
  return std::exchange(events_, {});
}

/// Every member does this at the same place of the order, with the same lists.
void Groups::finish_sync() {
  synced_ = true;
  ++counters_.syncs;
  together_ = ring_members_;
  Synced synced{ring_, {}, breaking_up_.has_value()};
  std::map<std::string, Members> now;
  for (auto& [node, list] : lists_) {
    for (const auto& e : list.entries) now[e.group].insert_or_assign({node, e.client}, e.pid);
    synced.notes[node] = std::move(list.note);
  }
  lists_.clear();
  events_.push_back(std::move(synced));

  const auto before = std::exchange(groups_, now);
  for (const auto& [group, members] : now) {
    const auto old = before.find(group);
    std::vector<Member> joined;
    for (const auto& [m, pid] : members)
      if (old == before.end() || old->second.count(m) == 0) joined.push_back(m);
    emit_view(group, members, std::move(joined), Reason::node_up, {});
  }
  for (auto& held : std::exchange(held_, {})) apply(held.sender, held.guarantee, std::move(held.payload));
}

void Groups::apply(NodeId sender, Guarantee guarantee, Payload payload) {
  if (const auto* join = std::get_if<Join>(&payload)) return apply_join(sender, *join);
  if (const auto* leave = std::get_if<LeaveGroup>(&payload)) return apply_leave(sender, *leave);
  if (auto* message = std::get_if<ClientMessage>(&payload)) return apply_message(sender, guarantee, std::move(*message));
  if (auto* control = std::get_if<Control>(&payload)) events_.push_back(Controlled{sender, std::move(control->payload)});
}

void Groups::apply_join(NodeId sender, const Join& p) {
  const Member member{sender, p.client};
  auto& members = groups_[p.group];
  if (!members.emplace(member, p.pid).second) return;
  emit_view(p.group, members, {member}, Reason::join, {});
}

void Groups::apply_leave(NodeId sender, const LeaveGroup& p) {
  const Member member{sender, p.client};
  const auto it = groups_.find(p.group);
  if (it == groups_.end() || it->second.erase(member) == 0) return;
  emit_view(p.group, it->second, {}, Reason::join, {{member, p.reason}});
  if (it->second.empty()) groups_.erase(it);
}

void Groups::apply_message(NodeId sender, Guarantee guarantee, ClientMessage p) {
  const Member from{sender, p.client};
  const auto it = groups_.find(p.group);
  if (it == groups_.end() || it->second.count(from) == 0) {
    ++counters_.unknown_sender;
    return;
  }
  auto clients = local_clients(it->second);
  if (clients.empty()) return;
  counters_.messages += clients.size();
  events_.push_back(ToClients{std::move(clients), GroupMessage{std::move(p.group), from, guarantee, std::move(p.payload)}});
}

void Groups::emit_view(const std::string& group, const Members& members, std::vector<Member> joined,
                       Reason join_reason, std::vector<Departure> left) {
  auto clients = local_clients(members);
  // Who leaves by its own wish sees the view without itself as the last one.
  for (const auto& d : left)
    if (d.member.node == self_ && d.reason == Reason::leave && clients_.count(d.member.client) != 0)
      clients.insert(std::upper_bound(clients.begin(), clients.end(), d.member.client), d.member.client);
  if (clients.empty()) return;
  counters_.views += clients.size();
  GroupView view{group, ring_, {}, std::move(joined), std::move(left), join_reason, {}};
  for (const auto& [m, pid] : members) {
    view.members.push_back(m);
    view.pids.push_back(pid);
  }
  events_.push_back(ToClients{std::move(clients), std::move(view)});
}

std::vector<std::uint32_t> Groups::local_clients(const Members& members) const {
  std::vector<std::uint32_t> clients;
  for (auto it = members.lower_bound(Member{self_, 0}); it != members.end() && it->first.node == self_; ++it)
    if (clients_.count(it->first.client) != 0) clients.push_back(it->first.client);
  return clients;
}

}  // namespace relevo::groups
