// Virtual time and the course of one run: start, configure, chaos, heal, quiet, check.
#include "tests/sim_cluster/world.hpp"

namespace relevo::sim {

World::World(Plan plan) : plan_(plan), rng_(plan.seed), bus_(plan.nodes, Rng(plan.seed).fork(1)) {
  const Temper temper{rng_.below(8), rng_.chance(1, 3) ? 2U : 0U, rng_.below(10)};
  for (std::uint32_t i = 1; i <= plan.nodes; ++i) {
    auto& host = hosts_[NodeId(i)];
    host.id = NodeId(i);
    host.agents = std::make_unique<Agents>(rng_.fork(i), temper);
    part_[NodeId(i)] = 0;
  }
}

Duration World::between(std::int64_t low_ms, std::int64_t high_ms) {
  return std::chrono::microseconds(rng_.between(low_ms * 1000, high_ms * 1000));
}

void World::at(Instant when, std::function<void()> what) { events_.emplace(when, std::move(what)); }

void World::advance_to(Instant end) {
  while (!violation_ && !events_.empty() && events_.begin()->first <= end) {
    auto event = events_.extract(events_.begin());
    now_ = event.key();
    event.mapped()();
  }
  now_ = end;
}

std::optional<std::string> World::run() {
  for (auto& [id, host] : hosts_) after(between(0, 300), [this, &host = host] { start_host(host); });
  bus_turn();
  advance_to(now_ + std::chrono::seconds(1));
  configure();
  advance_to(now_ + std::chrono::seconds(3));
  if (!configured_ && !violation_) violated("the first configuration was not taken");
  const auto chaos_ends = now_ + plan_.chaos;
  std::function<void()> fault = [&] {
    if (now_ >= chaos_ends) return;
    one_fault();
    after(between(100, 2500), fault);
  };
  std::function<void()> client = [&] {
    if (now_ >= chaos_ends) return;
    ask_change(hosts_.at(NodeId(static_cast<std::uint32_t>(rng_.below(plan_.nodes) + 1))));
    after(between(30, 300), client);
  };
  after(between(0, 500), fault);
  client();
  advance_to(chaos_ends + std::chrono::seconds(7));  // what was planned comes back by itself
  heal();
  for (auto& [id, host] : hosts_) {
    if (!host.up) start_host(host);
    if (!host.process) start_process(host);
  }
  advance_to(now_ + std::chrono::seconds(5));
  // Failures are forgiven, so that everything may run again.
  feed(hosts_.begin()->second, controller::ClientRequest{controller::ConnectionId(3), ++last_request_ + 1000,
                                                         controller::CleanupRequest{"", "", true}});
  advance_to(now_ + plan_.quiet);
  if (!violation_) check_end();
  return violation_;
}

}  // namespace relevo::sim
