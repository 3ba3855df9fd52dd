// Changes of the configuration on whole stacks: answers that come late, nodes that were away.
#include <catch2/catch.hpp>

#include "tests/sim_stack/world.hpp"

using namespace relevo;
using sim::World;
using sim::WorldOptions;

namespace {

WorldOptions nodes(std::uint32_t count) {
  WorldOptions o;
  o.nodes = count;
  return o;
}

std::set<std::uint32_t> start_all(World& world) {
  std::set<std::uint32_t> all;
  for (std::uint32_t n = 1; n <= world.nodes(); ++n) {
    world.start(n);
    all.insert(n);
  }
  REQUIRE(world.run_until([&] { return world.is_one_ring(all); }, 10s));
  return all;
}

std::string next_text(World& world, const std::string& totem) {
  auto setup = world.setup();
  setup.version = 2;
  setup.totem = totem;
  return sim::config_text(setup);
}

}  // namespace

TEST_CASE("stack: an answer about a change that is over displaces nothing that was promised since", "[stack]") {
  World world(nodes(3));
  start_all(world);
  REQUIRE(world.propose(1, next_text(world, " token: 4000\n")));
  const auto late = std::make_shared<const stack::Settings>();
  REQUIRE(world.run_until([&] { return world.status(2).configuration.under_way.has_value(); }, 2s));
  for (int i = 0; i < 2000 && world.status(2).configuration.under_way; ++i) {
    world.input(2, stack::ProposalChecked{{NodeId{3}, 77}, "", late});
    world.run(1ms);
  }
  world.run(500ms);
  for (std::uint32_t n = 1; n <= 3; ++n) {
    CHECK(world.status(n).configuration.in_force.version == 2);
    CHECK(world.status(n).state == "operational");
  }
}

TEST_CASE("stack: a node whose neighbour was removed while both were away comes back without it", "[stack]") {
  World world(nodes(5));
  start_all(world);
  world.partition({{1, 2, 3}, {4, 5}});
  REQUIRE(world.run_until([&] { return world.is_one_ring({1, 2, 3}) && world.is_one_ring({4, 5}); }, 10s));
  auto setup = world.setup();
  setup.version = 2;
  setup.nodes.erase(5);
  REQUIRE(world.propose(1, sim::config_text(setup)));
  REQUIRE(world.run_until([&] { return world.status(3).configuration.in_force.version == 2; }, 5s));
  world.heal();
  REQUIRE(world.run_until([&] { return world.is_one_ring({1, 2, 3, 4}); }, 20s));
  REQUIRE(world.run_until([&] { return world.status(4).configuration.in_force.version == 2; }, 5s));
  CHECK(world.status(4).quorum.quorate);
  const auto rings = world.status(4).counters.at("ring.installs");
  world.run(10s);
  CHECK(world.status(4).counters.at("ring.installs") == rings);  // and nobody asks it away again
  CHECK_FALSE(world.status(5).quorum.quorate);
}
