// Stacks, a wire of 100 microseconds, and a clock that jumps from event to event.
#include "tests/bench/hostile/cluster.hpp"

#include <cstdio>
#include <cstdlib>

namespace relevo::hostile {

Cluster::Cluster(std::string name, std::uint32_t nodes, std::uint8_t links, std::uint64_t seed)
    : name_(std::move(name)), nodes_(nodes), boots_(seed) {
  std::string text = "totem {\n version: 2\n cluster_name: " + name_ + "\n}\nnodelist {\n";
  for (std::uint32_t n = 1; n <= nodes; ++n) {
    text += " node {\n  nodeid: " + std::to_string(n) + "\n  name: n" + std::to_string(n) + "\n";
    for (std::uint8_t l = 0; l < links; ++l) {
      const auto ip = "10.0." + std::to_string(l) + "." + std::to_string(n);
      text += "  ring" + std::to_string(l) + "_addr: " + ip + "\n";
      addresses_[NodeId{n}].push_back(*parse_ip(ip, static_cast<std::uint16_t>(5405 + l)));
    }
    text += " }\n";
  }
  text += "}\nquorum {\n provider: corosync_votequorum\n}\n";
  auto config = config::parse_cluster_config(text, "cluster.conf");
  if (!config) {
    std::fputs((config.error().message + "\n").c_str(), stderr);
    std::exit(1);
  }
  config_ = std::move(*config);
}

void Cluster::boot(std::uint32_t node) {
  Bytes key(128);
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i * 5 + 1);
  randoms_[node] = std::make_unique<test::SeededRandom>(++boots_ * 1000 + node);
  stack::Options options;
  options.self = NodeId{node};
  options.config = config_;
  options.addresses = addresses_;
  options.key = *seal::read_authkey(key, "key");
  auto made = stack::Stack::create(std::move(options), *randoms_[node]);
  if (!made) {
    std::fputs((made.error().message + "\n").c_str(), stderr);
    std::exit(1);
  }
  stacks_[node] = std::move(*made);
  perform(node, stacks_[node]->step(stack::Start{stored_[node], 1000}, now));
}

void Cluster::perform(std::uint32_t node, stack::Output output) {
  if (output.store_ring_seq) stored_[node] = *output.store_ring_seq;
  for (const auto& send : output.sends) {
    for (const auto& to : send.to) {
      for (std::uint32_t n = 1; n <= nodes_; ++n) {
        if (address(n, send.link) != to) continue;
        const Taped packet{node, n, send.link, Bytes(send.bytes.begin(), send.bytes.end())};
        if (taping) tape.push_back(packet);
        wire_.emplace_back(now + 100us, packet);
      }
    }
  }
}

void Cluster::deliver() {
  while (!wire_.empty() && wire_.front().first <= now) {
    const auto packet = std::move(wire_.front().second);
    wire_.pop_front();
    const auto it = stacks_.find(packet.to);
    if (it == stacks_.end()) continue;
    perform(packet.to, it->second->step(stack::Datagram{packet.link, address(packet.from, packet.link), packet.bytes}, now));
  }
}

void Cluster::run(Duration time) {
  const auto end = now + time;
  while (now < end) {
    deliver();
    auto next = end;
    if (!wire_.empty()) next = std::min(next, wire_.front().first);
    for (auto& [n, stack] : stacks_) {
      if (const auto due = stack->next_deadline(); due && *due <= now) perform(n, stack->step(stack::Tick{}, now));
      if (const auto due = stack->next_deadline()) next = std::min(next, std::max(*due, now + 1us));
    }
    now = next;
  }
}

bool Cluster::is_one_ring() const {
  std::set<RingId> rings;
  for (const auto& [n, stack] : stacks_) {
    const auto status = stack->status();
    if (status.state != "operational" || status.members.size() != nodes_) return false;
    rings.insert(status.ring);
  }
  return rings.size() == 1;
}

}  // namespace relevo::hostile
