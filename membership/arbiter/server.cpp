// Who is on which connection, and what each message means for its cluster's court.
#include "membership/arbiter/server.hpp"

#include <algorithm>
#include <iterator>

namespace relevo::arbiter {

void Server::add_cluster(const std::string& name, ClusterFiles files, Instant now) {
  if (const auto known = clusters_.find(name); known != clusters_.end()) {
    known->second.token = files.token;
    return;
  }
  if (clusters_.size() >= max_clusters) return;
  clusters_.emplace(name, Cluster{files.token, Court(lease_, std::move(files.record), files.readable, now), {}});
}

void Server::remove_cluster(const std::string& name, Instant now, ServerOutput& out) {
  const auto cluster = clusters_.find(name);
  if (cluster == clusters_.end()) return;
  const auto nodes = cluster->second.nodes;
  for (const auto& [node, id] : nodes) drop(id, "the cluster is no longer one of this arbiter's", now, out);
  clusters_.erase(name);
}

void Server::on_connection(ConnectionId id, const Binding& binding, std::string address) {
  connections_[id] = {binding, std::move(address), {}, {}, {}, {}};
}

bool Server::is_proven(ConnectionId id) const {
  const auto it = connections_.find(id);
  return it != connections_.end() && !it->second.cluster.empty();
}

ServerOutput Server::on_frame(ConnectionId id, BytesView bytes, Instant now) {
  ServerOutput out;
  const auto it = connections_.find(id);
  if (it == connections_.end()) return out;
  auto message = decode(bytes);
  const bool proven = !it->second.cluster.empty();
  if (!message || (!proven && bytes.size() > max_frame_before)) {
    drop(id, "it sent what is no message", now, out);
  } else if (proven) {
    it->second.heard = now;
    on_message(id, it->second, std::move(*message), now, out);
  } else if (const auto* hello = std::get_if<Hello>(&*message)) {
    on_hello(id, it->second, *hello, now, out);
  } else {
    drop(id, "its first message was no greeting", now, out);
  }
  return out;
}

void Server::on_hello(ConnectionId id, Connection& connection, const Hello& hello, Instant now, ServerOutput& out) {
  const auto cluster = clusters_.find(hello.cluster);
  // An unknown cluster and a wrong token give the same answer: strangers learn nothing of who is a customer here.
  Token token{};
  if (cluster != clusters_.end()) token = cluster->second.token;
  const bool proven = is_equal(hello.proof, prove(token, connection.binding, Side::node, hello));
  if (cluster == clusters_.end() || !proven)
    return refuse(id, fmt::format("cluster '{}' with this token is not known here", hello.cluster), out);
  if (hello.version < 1) return refuse(id, "protocol version 0 does not exist", out);
  connection.cluster = hello.cluster;
  connection.node = hello.node;
  connection.settings = hello.settings;
  connection.heard = now;
  auto& nodes = cluster->second.nodes;
  if (const auto before = nodes.find(hello.node); before != nodes.end()) {
    // Half open, or a second host with the same number: the newest counts.
    const auto old = before->second;
    connections_.erase(old);
    out.closes.push_back({old, "the node has come on a newer connection"});
  }
  nodes[hello.node] = id;
  out.frames.push_back({id, encode(Welcome{std::min(hello.version, protocol), lease_,
                                           prove(token, connection.binding, Side::arbiter, hello)})});
  out.notes.push_back(note(Level::info, "cluster {}: node {} is connected from {}", hello.cluster, hello.node, connection.address));
  take(hello.cluster, cluster->second, cluster->second.court.on_connected(hello.node, now), out);
}

void Server::on_message(ConnectionId id, Connection& connection, Message message, Instant now, ServerOutput& out) {
  const auto it = clusters_.find(connection.cluster);
  if (it == clusters_.end()) return;
  auto& cluster = it->second;
  // Any sign of life shows that the node was there, but only a ping is what it measures its lease by.
  if (const auto* ping = std::get_if<Ping>(&message)) {
    cluster.court.on_ping(connection.node, now);
    out.frames.push_back({id, encode(Pong{ping->number})});
  } else if (auto* report = std::get_if<Report>(&message)) {
    take(it->first, cluster, cluster.court.on_report(connection.node, connection.settings, std::move(*report), now), out);
  } else if (const auto* taken = std::get_if<VoteTaken>(&message)) {
    take(it->first, cluster, cluster.court.on_taken(connection.node, taken->number, now), out);
  } else {
    drop(id, "it sent what only the arbiter sends, or greeted twice", now, out);
  }
}

void Server::take(const std::string& name, Cluster& cluster, CourtOutput output, ServerOutput& out) {
  for (const auto& send : output.sends)
    if (const auto to = cluster.nodes.find(send.node); to != cluster.nodes.end()) out.frames.push_back({to->second, encode(send.vote)});
  if (output.store) out.stores.push_back({name, output.store->number, encode(*output.store)});
  for (auto& n : output.notes) out.notes.push_back(note(n.level, "cluster {}: {}", name, n.text));
}

void Server::refuse(ConnectionId id, const std::string& why, ServerOutput& out) {
  out.frames.push_back({id, encode(Refused{why})});
  out.notes.push_back(note(Level::warning, "{} was refused: {}", connections_[id].address, why));
  out.closes.push_back({id, why});
  connections_.erase(id);
}

void Server::drop(ConnectionId id, const std::string& why, Instant now, ServerOutput& out) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  out.notes.push_back(note(Level::warning, "the connection of {} is ended: {}", it->second.address, why));
  out.closes.push_back({id, why});
  forget(id, now, out);
}

void Server::forget(ConnectionId id, Instant now, ServerOutput& out) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  const auto gone = it->second;
  connections_.erase(it);
  const auto cluster = clusters_.find(gone.cluster);
  if (cluster == clusters_.end()) return;
  const auto node = cluster->second.nodes.find(gone.node);
  if (node == cluster->second.nodes.end() || node->second != id) return;
  cluster->second.nodes.erase(node);
  take(cluster->first, cluster->second, cluster->second.court.on_lost(gone.node, now), out);
}

ServerOutput Server::on_closed(ConnectionId id, Instant now) {
  ServerOutput out;
  forget(id, now, out);
  return out;
}

ServerOutput Server::on_stored(const std::string& name, std::uint64_t number, Instant now) {
  ServerOutput out;
  if (const auto it = clusters_.find(name); it != clusters_.end()) take(name, it->second, it->second.court.on_stored(number, now), out);
  return out;
}

ServerOutput Server::on_store_failed(const std::string& name, const std::string& why, Instant now) {
  ServerOutput out;
  const auto it = clusters_.find(name);
  if (it == clusters_.end()) return out;
  out.notes.push_back(note(Level::error, "cluster {}: no vote is given, it cannot be recorded: {}", name, why));
  it->second.court.on_unstorable();
  const auto nodes = it->second.nodes;
  for (const auto& [node, id] : nodes) drop(id, "the vote cannot be recorded", now, out);
  return out;
}

ServerOutput Server::on_tick(Instant now) {
  ServerOutput out;
  std::vector<ConnectionId> silent;
  for (const auto& [id, connection] : connections_)
    if (!connection.cluster.empty() && now - connection.heard > lease_ + margin_of(lease_)) silent.push_back(id);
  for (const auto id : silent) drop(id, "nothing was heard of it", now, out);
  for (auto& [name, cluster] : clusters_) take(name, cluster, cluster.court.on_tick(now), out);
  return out;
}

std::optional<Instant> Server::next_deadline() const {
  std::optional<Instant> first;
  const auto sooner = [&](Instant due) {
    if (!first || due < *first) first = due;
  };
  for (const auto& [id, connection] : connections_)
    if (!connection.cluster.empty()) sooner(connection.heard + lease_ + margin_of(lease_) + 1ms);
  for (const auto& [name, cluster] : clusters_)
    if (const auto due = cluster.court.next_deadline()) sooner(*due);
  return first;
}

std::vector<ClusterStatus> Server::status() const {
  std::vector<ClusterStatus> out;
  for (const auto& [name, cluster] : clusters_) {
    ClusterStatus status{name, cluster.court.state(), cluster.court.granted(), {}};
    const auto holders = cluster.court.holders();
    for (const auto& [node, id] : cluster.nodes) {
      const auto& connection = connections_.at(id);
      NodeStatus n{node, connection.address, false, {}, connection.settings, holders.count(node) != 0};
      if (const auto seat = cluster.court.seats().find(node); seat != cluster.court.seats().end()) {
        n.reported = true;
        n.report = seat->second.report;
      }
      status.nodes.push_back(std::move(n));
    }
    out.push_back(std::move(status));
  }
  return out;
}

}  // namespace relevo::arbiter
