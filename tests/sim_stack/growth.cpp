// Measuring growth.
#include "tests/sim_stack/growth.hpp"

#include "tests/sim_stack/world.hpp"

namespace relevo::sim {

namespace {

class Counter : public Observer {
 public:
  void on_event(std::uint32_t node, std::uint32_t, const stack::ClientEvent& event, Instant) override {
    if (node == 1 && std::holds_alternative<groups::GroupMessage>(event.body)) ++messages;
  }
  void after_step(std::uint32_t) override {}
  std::uint64_t messages = 0;
};

struct Growth {
  Duration first_ring{}, after_crash{}, rotation{};
  std::uint64_t messages_per_second = 0;
};

std::uint64_t tokens(const World& world) { return world.status(1).counters.at("ring.tokens"); }

/// As many messages as the ring takes, from every node.
std::uint64_t flood(World& world, Counter& counter, const std::vector<stack::ClientId>& clients, Duration time) {
  const auto before = counter.messages;
  const auto end = world.now() + time;
  const Bytes payload(64, 7);
  for (; world.now() < end; world.run(1ms)) {
    for (std::uint32_t n = 1; n <= world.nodes(); ++n) {
      if (!world.is_running(n) || world.status(n).counters.at("ring.queued_messages") > 400) continue;
      for (int i = 0; i < 200; ++i) world.input(n, stack::ClientMulticast{clients[n - 1], "growth", groups::Guarantee::agreed, payload, 0});
    }
  }
  return counter.messages - before;
}

Growth measure(std::uint32_t nodes) {
  Growth growth;
  WorldOptions o;
  o.nodes = nodes;
  World world(o);
  Counter counter;
  world.observe(&counter);
  std::set<std::uint32_t> members;
  const auto begin = world.now();
  for (std::uint32_t n = 1; n <= nodes; ++n) {
    world.start(n);
    members.insert(n);
  }
  if (!world.run_until([&] { return world.is_one_ring(members); }, 60s)) return growth;
  growth.first_ring = world.now() - begin;
  std::vector<stack::ClientId> clients;
  for (std::uint32_t n = 1; n <= nodes; ++n) {
    clients.push_back(world.connect(n));
    world.input(n, stack::ClientJoin{clients.back(), "growth"});
  }
  world.run(200ms);
  const auto time = nodes > 16 ? 200ms : 500ms;
  const auto turns = tokens(world);
  const auto sent = flood(world, counter, clients, time);
  growth.messages_per_second = sent * 1000 / static_cast<std::uint64_t>(time / 1ms);
  growth.rotation = Duration{time} / static_cast<std::int64_t>(std::max<std::uint64_t>(1, tokens(world) - turns));
  world.run(500ms);
  const auto crash = world.now();
  world.crash(nodes);
  members.erase(nodes);
  if (!world.run_until([&] { return world.is_one_ring(members); }, 60s)) return growth;
  growth.after_crash = world.now() - crash;
  return growth;
}

}  // namespace

std::string growth_table(const std::vector<std::uint32_t>& sizes) {
  std::string out = "# virtual time; packets take 100 to 300 us, none is lost, computing takes no time; messages of 64 bytes from all nodes\n"
                    "nodes  first_ring_ms  after_crash_ms  rotation_us  messages_per_s\n";
  for (const auto nodes : sizes) {
    const auto g = measure(nodes);
    out += fmt::format("{:>5}  {:>13}  {:>14}  {:>11}  {:>14}\n", nodes, to_ms(g.first_ring), to_ms(g.after_crash), g.rotation.count() / 1000,
                       g.messages_per_second);
  }
  return out;
}

}  // namespace relevo::sim
