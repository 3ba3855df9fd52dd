// Where dozens of nodes meet: what each says and forms stays within bounds. Whether what is formed is right: tests/sim.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/sim/world.hpp"

using namespace relevo;

namespace {

totem::Output receive(totem::Ring& ring, NodeId from, wire::Packet packet) {
  return ring.step(totem::Receive{from, std::move(packet)}, Instant{} + 10ms);
}

template <class Packet>
bool sends(const totem::Output& output) {
  return std::ranges::any_of(output.sends, [](const totem::Send& send) { return std::holds_alternative<Packet>(send.packet); });
}

}  // namespace

TEST_CASE("crowd: a node that would be left out in the end keeps its ring when somebody asks, and says so", "[totem]") {
  const NodeId n1{1}, n2{2}, n3{3}, n4{4};
  totem::Ring ring(totem::Options{});
  (void)ring.step(totem::Start{n1, 0, 1000}, Instant{});
  (void)ring.step(totem::PeerUp{n2}, Instant{});
  const wire::Join alone{1010, {}, {n1, n2}, {n1}};
  SECTION("the asker has better company") {
    receive(ring, n3, wire::MergeDetect{{n3, 1004}, {n3, n4}, {n2, n4}});
    receive(ring, n4, wire::MergeDetect{{n3, 1004}, {n3, n4}, {n2, n3}});
    const auto answer = receive(ring, n2, wire::Join{1010, {}, {n1, n2}, {n1, n3, n4}});
    CHECK(sends<wire::MergeDetect>(answer));
    CHECK_FALSE(sends<wire::Join>(answer));
    CHECK(ring.view().state == "operational");
  }
  SECTION("the asker has nobody else") {
    CHECK(sends<wire::Join>(receive(ring, n2, alone)));
    CHECK(ring.view().state == "gather");
  }
}

TEST_CASE("crowd: nodes whose links come up one by one do not form rings of one again for each", "[totem]") {
  sim::WorldOptions options;
  options.nodes = 40;
  options.delay = {100us, 300us};
  options.detect_up = {5ms, 80ms};
  sim::World world(options, 7);
  int installed = 0;
  world.on_event = [&](NodeId, const totem::Event& event) {
    const auto* configuration = std::get_if<Configuration>(&event);
    if (configuration != nullptr && configuration->kind == Configuration::Kind::regular) ++installed;
  };
  for (const auto id : world.node_ids()) world.boot(id, true);
  world.run_for(2s);
  CHECK(world.is_whole());
  CHECK(installed <= 40 * 5);
}
