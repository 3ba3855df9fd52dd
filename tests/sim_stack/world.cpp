// Virtual time, the network and the hosts of the stack simulator.
#include "tests/sim_stack/world.hpp"

#include <algorithm>

#include "common/base/assert.hpp"

namespace relevo::sim {

namespace {
constexpr std::size_t socket_buffer = 2000;  ///< packets that a paused node's kernel keeps

config::ClusterConfig config_of(const WorldOptions& o, std::uint32_t node) {
  const auto own = o.quorum_of.find(node);
  std::string text = "totem {\n version: 2\n cluster_name: sim\n}\nnodelist {\n";
  for (std::uint32_t n = 1; n <= o.nodes; ++n)
    text += fmt::format(" node {{\n  ring0_addr: 10.0.0.{}\n  nodeid: {}\n  name: node{}\n }}\n", n, n, n);
  text += "}\nquorum {\n provider: corosync_votequorum\n" + (own == o.quorum_of.end() ? o.quorum : own->second) + "}\n";
  auto config = config::parse_cluster_config(text, "sim.conf");
  RELEVO_ASSERT(config.has_value(), "{}", config ? "" : config.error().message);
  return *config;
}

seal::AuthKey key_of(const WorldOptions& o, std::uint32_t node) {
  const auto own = o.key_of.find(node);
  Bytes bytes(64);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + (own == o.key_of.end() ? 1 : own->second));
  return *seal::read_authkey(bytes, "key");
}
}  // namespace

World::World(WorldOptions options) : options_(std::move(options)), rng_(options_.seed), nonces_(rng_.fork(1)) {
  for (std::uint32_t n = 1; n <= options_.nodes; ++n) hosts_[n].address = *parse_ip(fmt::format("10.0.0.{}", n), 5405);
}
World::~World() = default;

void World::fill(std::span<std::uint8_t> out) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = nonces_.next();
    out[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
  }
}

void World::start(std::uint32_t node) {
  auto& host = hosts_.at(node);
  stack::Options o;
  o.self = NodeId{node};
  o.config = config_of(options_, node);
  o.key = key_of(options_, node);
  for (const auto& [n, h] : hosts_) o.addresses[NodeId{n}] = {h.address};
  auto made = stack::Stack::create(std::move(o), *this);
  RELEVO_ASSERT(made.has_value(), "{}", made ? "" : made.error().message);
  host.stack = std::move(*made);
  host.last_client = 0;
  host.paused = false;
  ++host.boot;
  input(node, stack::Start{host.stored, 1000 + static_cast<std::uint64_t>(to_ms(now_.time_since_epoch()))});
}

void World::crash(std::uint32_t node) {
  hosts_.at(node).stack.reset();
  hosts_.at(node).paused = false;
  asleep_.erase(node);
}

void World::leave(std::uint32_t node) {
  input(node, stack::Leave{});
  crash(node);
}

void World::pause(std::uint32_t node, bool on) {
  hosts_.at(node).paused = on;
  if (on) return;
  for (auto& p : asleep_[node]) {
    p.when = now_;
    queue_.push(std::move(p));
  }
  asleep_.erase(node);
}

void World::partition(const std::vector<std::set<std::uint32_t>>& groups) {
  cuts_.clear();
  const auto group_of = [&](std::uint32_t n) {
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (groups[i].count(n) != 0) return i;
    return groups.size() + n;
  };
  for (const auto& [a, ha] : hosts_)
    for (const auto& [b, hb] : hosts_)
      if (a != b && group_of(a) != group_of(b)) cuts_.insert({a, b});
}

void World::heal() { cuts_.clear(); }

stack::ClientId World::connect(std::uint32_t node) {
  const auto id = ++hosts_.at(node).last_client;
  input(node, stack::ClientConnected{id});
  return id;
}

void World::input(std::uint32_t node, const stack::Input& in) {
  auto& host = hosts_.at(node);
  if (host.stack == nullptr) return;
  perform(node, host.stack->step(in, now_));
}

void World::perform(std::uint32_t node, stack::Output output) {
  auto& host = hosts_.at(node);
  if (output.store_ring_seq) host.stored = *output.store_ring_seq;
  for (auto& s : output.sends) {
    const auto bytes = std::make_shared<const Bytes>(std::move(s.bytes));
    for (const auto& to : s.to) carry(node, to, bytes);
  }
  host.notes.insert(host.notes.end(), output.notes.begin(), output.notes.end());
  if (observer_ == nullptr) return;
  for (const auto& e : output.events) observer_->on_event(node, host.boot, e, now_);
  observer_->after_step(node);
}

void World::carry(std::uint32_t from, const Address& to, const std::shared_ptr<const Bytes>& bytes) {
  const auto target = std::find_if(hosts_.begin(), hosts_.end(), [&](const auto& h) { return h.second.address == to; });
  if (target == hosts_.end()) return;
  const auto& net = options_.network;
  const int copies = rng_.chance(net.duplicate_permille, 1000) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const Duration delay{rng_.between(net.delay_min.count(), net.delay_max.count())};
    Packet p{now_ + delay, ++order_, target->first, hosts_.at(from).address, bytes};
    if (cuts_.count({from, target->first}) != 0 || rng_.chance(net.loss_permille, 1000)) continue;
    if (rng_.chance(net.corrupt_permille, 1000)) {
      auto bad = *bytes;
      bad[rng_.below(bad.size())] ^= static_cast<std::uint8_t>(1 + rng_.below(255));
      p.bytes = std::make_shared<const Bytes>(std::move(bad));
    }
    queue_.push(std::move(p));
  }
}

void World::deliver(const Packet& packet) {
  auto& host = hosts_.at(packet.to);
  if (host.stack == nullptr) return;
  if (host.paused) {
    if (asleep_[packet.to].size() < socket_buffer) asleep_[packet.to].push_back(packet);
    return;
  }
  perform(packet.to, host.stack->step(stack::Datagram{LinkId{0}, packet.from, *packet.bytes}, now_));
}

Instant World::next_event(Instant end) const {
  Instant next = queue_.empty() ? end : std::min(end, queue_.top().when);
  for (const auto& [n, host] : hosts_) {
    if (host.stack == nullptr || host.paused) continue;
    if (const auto due = host.stack->next_deadline()) next = std::min(next, *due);
  }
  return std::max(next, now_);
}

void World::step_at(Instant when) {
  // A stack whose deadline does not move when it is served would spin for ever, here and in the daemon.
  steps_here_ = when == now_ ? steps_here_ + 1 : 0;
  RELEVO_ASSERT(steps_here_ < 10000, "time stands still at {} ns", when.time_since_epoch().count());
  now_ = when;
  while (!queue_.empty() && queue_.top().when <= now_) {
    const auto packet = queue_.top();
    queue_.pop();
    deliver(packet);
  }
  for (auto& [n, host] : hosts_) {
    if (host.stack == nullptr || host.paused) continue;
    const auto due = host.stack->next_deadline();
    if (due && *due <= now_) input(n, stack::Tick{});
  }
}

void World::run(Duration time) {
  (void)run_until([] { return false; }, time);
}

bool World::run_until(const std::function<bool()>& done, Duration limit) {
  const auto end = now_ + limit;
  while (!done()) {
    const auto next = next_event(end);
    if (next >= end) {
      now_ = end;
      return done();
    }
    step_at(next);
  }
  return true;
}

bool World::is_one_ring(const std::set<std::uint32_t>& members) const {
  std::vector<NodeId> want;
  for (auto n : members) want.push_back(NodeId{n});
  std::optional<RingId> ring;
  for (auto n : members) {
    if (!is_running(n)) return false;
    const auto s = status(n);
    if (s.state != "operational" || !s.synced || s.members != want || (ring && *ring != s.ring)) return false;
    ring = s.ring;
  }
  return true;
}

}  // namespace relevo::sim
