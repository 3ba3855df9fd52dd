// A tiny network of Links objects under virtual time for the unit tests. Not the simulator.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "membership/links/links.hpp"
#include "tests/support/secrets.hpp"

namespace relevo::test {

struct Packet {
  Instant when;
  std::uint64_t order;
  NodeId to;
  LinkId link;
  Address from;
  Bytes bytes;
  bool operator>(const Packet& other) const { return std::tie(when, order) > std::tie(other.when, other.order); }
};

struct Event {
  Instant when;
  std::string text;  ///< "up 2", "down 2", "got 2 token"
};

class Net {
 public:
  explicit Net(std::uint32_t nodes, std::size_t links = 1) {
    for (std::uint32_t n = 1; n <= nodes; ++n)
      for (std::size_t l = 0; l < links; ++l) add_address(n, "10.0." + std::to_string(l) + "." + std::to_string(n));
  }
  void add_address(std::uint32_t n, const std::string& ip) { addresses_[NodeId{n}].push_back(*parse_ip(ip, 5405)); }
  /// Tells a running node of the nodes and addresses as they are now.
  void reconfigure(std::uint32_t n) {
    auto options = base;
    options.self = NodeId{n};
    options.addresses = addresses_;
    perform(n, node(n).reconfigure(options, now));
  }
  links::PathStatus path(std::uint32_t n, std::size_t peer = 0, std::size_t link = 0) { return node(n).peers().at(peer).paths.at(link); }

  /// Starts (or restarts) a node; its earlier start is forgotten.
  void start(std::uint32_t n, std::uint8_t key = 1) {
    auto options = base;
    options.self = NodeId{n};
    options.addresses = addresses_;
    randoms_[n] = std::make_unique<SeededRandom>(++boots_ * 1000 + n);
    const Incarnation incarnation{randoms_[n]->number()};
    nodes_[n] = std::make_unique<links::Links>(options, seal::ClusterKey(key_of(key), "test"), incarnation, *randoms_[n]);
    perform(n, nodes_[n]->start(now));
  }
  void stop(std::uint32_t n) { nodes_.erase(n); }
  void forget(std::uint32_t n) { addresses_.erase(NodeId{n}); }
  void pause(std::uint32_t n, bool on) { paused_[n] = on; }
  links::Links& node(std::uint32_t n) { return *nodes_.at(n); }

  void send(const std::vector<links::Send>& sends, std::uint32_t from) {
    for (const auto& s : sends)
      for (const auto& to : s.to) carry(from, s.link, to, s.bytes);
  }

  void run(Duration time) {
    const auto end = now + time;
    for (;;) {
      Instant next = end;
      if (!queue_.empty()) next = std::min(next, queue_.top().when);
      for (const auto& [n, node] : nodes_)
        if (!paused_[n] && node->next_deadline()) next = std::min(next, std::max(now, *node->next_deadline()));
      if (next >= end) break;
      now = next;
      deliver_due();
      for (auto& [n, node] : nodes_)
        if (!paused_[n] && node->next_deadline() && *node->next_deadline() <= now) perform(n, node->tick(now));
    }
    now = end;
  }

  [[nodiscard]] std::vector<std::string> texts(std::uint32_t n) const {
    std::vector<std::string> result;
    if (const auto it = events.find(n); it != events.end())
      for (const auto& e : it->second) result.push_back(e.text);
    return result;
  }

  void perform(std::uint32_t n, links::Output out) {
    for (auto& e : out.events) {
      if (const auto* up = std::get_if<links::PeerUp>(&e)) events[n].push_back({now, fmt::format("up {}", up->node)});
      if (const auto* down = std::get_if<links::PeerDown>(&e)) events[n].push_back({now, fmt::format("down {}", down->node)});
      if (const auto* moved = std::get_if<links::PathSwitched>(&e)) events[n].push_back({now, fmt::format("switched {}", moved->node)});
      if (const auto* got = std::get_if<links::Received>(&e)) {
        const bool is_long = got->body.size() > 100;
        events[n].push_back({now, is_long ? fmt::format("got {} {} bytes", got->from, got->body.size())
                                          : fmt::format("got {} {}", got->from, as_text(got->body))});
        if (is_long) bodies[n] = std::move(std::get<links::Received>(e).body);
      }
    }
    for (auto& x : out.notes) notes[n].push_back(x.text);
    send(out.sends, n);
  }

  Instant now{1s};
  Duration delay = 1ms;
  std::function<bool(std::uint32_t from, std::uint32_t to, LinkId link)> cut = [](auto, auto, auto) { return false; };
  std::function<Duration(LinkId link)> delay_of = [](auto) { return Duration{0}; };  ///< beside `delay`
  std::function<Duration()> jitter = [] { return Duration{0}; };
  std::function<std::size_t(LinkId link)> mtu = [](auto) { return std::size_t{65507}; };  ///< larger UDP payloads vanish
  links::Options base;  ///< for nodes that start or are told anew
  std::map<std::uint32_t, std::vector<Event>> events;
  std::map<std::uint32_t, Bytes> bodies;  ///< the last long one that came
  std::map<std::uint32_t, std::vector<std::string>> notes;
  std::vector<Packet> recorded;  ///< everything that was ever sent
  std::vector<Address>& addresses(std::uint32_t n) { return addresses_[NodeId{n}]; }

 private:
  void carry(std::uint32_t from, LinkId link, const Address& to, const Bytes& bytes) {
    for (const auto& [node, list] : addresses_) {
      if (list.size() <= link.value || list[link.value] != to) continue;
      Packet p{now + delay + delay_of(link) + jitter(), ++order_, node, link, addresses_[NodeId{from}][link.value], bytes};
      recorded.push_back(p);
      if (!cut(from, node.value, link) && bytes.size() <= mtu(link)) queue_.push(std::move(p));
    }
  }
  void deliver_due() {
    while (!queue_.empty() && queue_.top().when <= now) {
      const auto p = queue_.top();
      queue_.pop();
      const auto it = nodes_.find(p.to.value);
      if (it == nodes_.end()) continue;
      if (paused_[p.to.value]) {
        auto later = p;
        later.when = now + 1ms;
        queue_.push(later);
        continue;
      }
      perform(p.to.value, it->second->datagram(p.link, p.from, p.bytes, now));
    }
  }

  std::map<NodeId, std::vector<Address>> addresses_;
  std::map<std::uint32_t, std::unique_ptr<SeededRandom>> randoms_;
  std::map<std::uint32_t, std::unique_ptr<links::Links>> nodes_;
  std::map<std::uint32_t, bool> paused_;
  std::priority_queue<Packet, std::vector<Packet>, std::greater<>> queue_;
  std::uint64_t order_ = 0, boots_ = 0;
};

}  // namespace relevo::test
