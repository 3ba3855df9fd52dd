// The ring's promises in time and size, on a simulated network with a constant delay of 1 ms.
// Whether what it delivers is right is judged by tests/sim.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/wire/codec.hpp"
#include "tests/sim/world.hpp"

using namespace relevo;
using groups::Guarantee;

namespace {

constexpr NodeId n1{1};
constexpr NodeId n2{2};
constexpr NodeId n3{3};

sim::WorldOptions calm(std::size_t nodes) {
  sim::WorldOptions options;
  options.nodes = nodes;
  options.delay = {1ms, 1ms};
  options.detect_down = {10ms, 10ms};
  options.detect_up = {10ms, 10ms};
  return options;
}

struct Cluster {
  explicit Cluster(std::size_t nodes, sim::WorldOptions options) : world((options.nodes = nodes, options), 1) {
    world.on_event = [this](NodeId node, const totem::Event& event) {
      if (std::holds_alternative<totem::Delivery>(event)) ++delivered;
      const auto* configuration = std::get_if<Configuration>(&event);
      if (configuration != nullptr && configuration->kind == Configuration::Kind::regular) {
        ++installed;
        last_install = world.now();
      }
      (void)node;
    };
    for (const auto id : world.node_ids()) world.boot(id, true);
    world.run_for(1s);
    REQUIRE(world.is_whole());
    delivered = installed = 0;
  }
  explicit Cluster(std::size_t nodes) : Cluster(nodes, calm(nodes)) {}

  int delivered = 0;
  int installed = 0;
  Instant last_install{};
  sim::World world;
};

}  // namespace

TEST_CASE("ring: from the links' verdict to the new ring it takes a few round trips, not a timeout", "[totem]") {
  Cluster cluster(3);
  const auto start = cluster.world.now();
  cluster.world.crash(n3);
  cluster.world.run_for(200ms);
  CHECK(cluster.installed == 2);
  CHECK(cluster.last_install - start <= 10ms + 10ms);  // the verdict, and ten hops of 1 ms
  CHECK(cluster.world.is_whole());
}

TEST_CASE("ring: the representative's death costs no more than another's", "[totem]") {
  Cluster cluster(3);
  const auto start = cluster.world.now();
  cluster.world.crash(n1);
  cluster.world.run_for(200ms);
  CHECK(cluster.installed == 2);
  CHECK(cluster.last_install - start <= 20ms);
}

TEST_CASE("ring: a node that leaves is not waited for, and no verdict is needed", "[totem]") {
  Cluster cluster(3);
  const auto start = cluster.world.now();
  cluster.world.leave(n2);
  cluster.world.run_for(8ms + 2ms);
  CHECK(cluster.installed == 2);
  CHECK(cluster.last_install - start <= 10ms);
}

TEST_CASE("ring: a peer whose links are up but that is silent costs the consensus timeout, once", "[totem]") {
  auto options = calm(3);
  options.detect_down = {1000s, 1000s};
  Cluster cluster(3, options);
  const auto start = cluster.world.now();
  cluster.world.crash(n2);
  cluster.world.run_for(15s);
  CHECK(cluster.installed == 2);
  const auto& ring = options.ring;
  CHECK(cluster.last_install - start >= ring.token);
  CHECK(cluster.last_install - start <= ring.token + ring.consensus + 100ms);
}

TEST_CASE("ring: an idle ring is nearly silent", "[totem]") {
  Cluster cluster(3);
  cluster.world.run_for(2s);
  const auto before = cluster.world.steps();
  cluster.world.run_for(10s);
  // One rotation for each hold of 561 ms: three tokens received and one timer.
  CHECK(cluster.world.steps() - before <= 10000 / 561 * 6 + 10);
}

TEST_CASE("ring: the first message on an idle ring is delivered in a few round trips", "[totem]") {
  for (const auto sender : {n1, n2, n3}) {
    for (const auto guarantee : {Guarantee::agreed, Guarantee::safe}) {
      Cluster cluster(3);
      cluster.world.run_for(2s);
      REQUIRE(cluster.world.submit(sender, 100, guarantee));
      cluster.world.run_for(guarantee == Guarantee::agreed ? 6ms : 12ms);
      CHECK(cluster.delivered == 3);
    }
  }
}

TEST_CASE("ring: a message of 1 MiB is delivered to all, a longer one is refused", "[totem]") {
  Cluster cluster(3);
  REQUIRE(cluster.world.submit(n2, totem::max_message, Guarantee::safe));
  CHECK_FALSE(cluster.world.submit(n2, totem::max_message + 1, Guarantee::safe));
  cluster.world.run_for(3s);
  CHECK(cluster.delivered == 3);
  CHECK_FALSE(cluster.world.violation());
}

TEST_CASE("ring: a full queue refuses with try_again and loses nothing it took", "[totem]") {
  totem::Options options;
  options.queue_messages = 10;
  totem::Ring ring(options);
  auto refused = ring.step(totem::Submit{{}, Guarantee::agreed}, Instant{}).refused;
  REQUIRE(refused);
  CHECK(refused->kind == ErrorKind::not_connected);

  auto world_options = calm(2);
  world_options.ring.queue_messages = 10;
  Cluster cluster(2, world_options);
  int taken = 0;
  for (int i = 0; i < 50; ++i) taken += cluster.world.submit(n2, 50, Guarantee::agreed) ? 1 : 0;
  CHECK(taken == 10);
  cluster.world.run_for(1s);
  CHECK(cluster.delivered == 2 * taken);
  CHECK(cluster.world.submit(n2, 50, Guarantee::agreed));
}

TEST_CASE("ring: a node alone delivers to itself at once", "[totem]") {
  Cluster cluster(1);
  REQUIRE(cluster.world.submit(n1, 50000, Guarantee::safe));
  CHECK(cluster.delivered == 1);
}

TEST_CASE("ring: a stable cut between two of three gives one stable ring, not endless forming", "[totem]") {
  Cluster cluster(3);
  cluster.world.cut(n2, n3, true);
  cluster.world.run_for(60s);
  CHECK(cluster.installed <= 12);
  const auto before = cluster.installed;
  cluster.world.run_for(60s);
  CHECK(cluster.installed == before);
  CHECK(cluster.world.ring(n1).view().members == std::vector{n1, n2});
  cluster.world.mend_all();
  cluster.world.run_for(10s);
  CHECK(cluster.world.is_whole());
}

TEST_CASE("ring: a one-way cut that the links do not see forms rings at a bounded rate", "[totem]") {
  Cluster cluster(3);
  cluster.world.cut(n2, n3, false);
  cluster.world.run_for(120s);
  CHECK(cluster.installed <= 120);
  CHECK_FALSE(cluster.world.violation());
  cluster.world.mend_all();
  cluster.world.run_for(30s);
  CHECK(cluster.world.is_whole());
}

TEST_CASE("ring: a stored number near the end of all is gone on from, and at the end there is no start", "[totem]") {
  totem::Ring late{totem::Options{}};
  const auto stored = wire::max_ring_seq - 1000;
  const auto output = late.step(totem::Start{n1, stored, 10}, Instant{});
  CHECK_FALSE(output.refused);
  CHECK(late.view().ring.seq > stored);
  CHECK(output.store == late.view().ring.seq);
  for (const auto used_up : {wire::max_ring_seq - 4, wire::max_ring_seq, ~std::uint64_t{0}}) {
    totem::Ring ring{totem::Options{}};
    const auto nothing = ring.step(totem::Start{n1, used_up, 10}, Instant{});
    REQUIRE(nothing.refused);
    CHECK(nothing.refused->message.find("ring number") != std::string::npos);
    CHECK_FALSE(nothing.store);
    CHECK(nothing.sends.empty());
    CHECK(ring.view().ring == RingId{});
  }
}

TEST_CASE("ring: a commit token that is old, changes our entry or names positions nobody can hold is not taken up", "[totem]") {
  totem::Ring ring{totem::Options{}};
  (void)ring.step(totem::Start{n2, 1000, 10}, Instant{});
  const auto alone = ring.view().ring;
  (void)ring.step(totem::PeerUp{n1}, Instant{});
  (void)ring.step(totem::Receive{n1, wire::Join{1000, {n1, 4}, {n1, n2}, {n2}, false, 1, false, {n2}}}, Instant{});
  const auto take = [&](std::uint64_t seq, std::uint16_t hop, const wire::CommitEntry& theirs, const wire::CommitEntry& ours) {
    return ring.step(totem::Receive{n1, wire::CommitToken{{n1, seq}, hop, {theirs, ours}}}, Instant{});
  };
  const wire::CommitEntry theirs{n1, {n1, 4}, {}, {}, {}, 0}, empty{n2, {}, {}, {}, {}, 0};
  for (const std::uint64_t old : {std::uint64_t{500}, std::uint64_t{1000}, alone.seq}) CHECK_FALSE(take(old, 1, theirs, empty).store);
  REQUIRE(ring.view().state == "gather");
  CHECK(take(2000, 1, theirs, empty).store == 2000);
  REQUIRE(ring.view().state == "commit");
  const wire::CommitEntry ours{n2, alone, {}, {}, {}, 0};
  (void)take(2000, 3, theirs, {n2, alone, {}, MessageSeq(7), {}, 0});
  CHECK(ring.view().state == "commit");
  (void)take(2000, 3, {n1, alone, {}, MessageSeq(std::uint64_t{1} << 60), {}, 0}, ours);
  CHECK(ring.view().state == "commit");
  (void)take(2000, 3, theirs, ours);
  CHECK(ring.view().state == "recovery");
}

TEST_CASE("ring: where numbers end no ring follows, and none comes back", "[totem]") {
  totem::Ring ring{totem::Options{}};
  const auto start = wire::max_ring_seq - 9;  // plus 1 and 4 is the first ring, and there is one more
  (void)ring.step(totem::Start{n1, start, 10}, Instant{});
  const auto first = ring.view().ring;
  REQUIRE(first.seq > start);
  Instant now{};
  std::uint64_t greatest = first.seq;
  int rings = 0;
  const auto step = [&](const totem::Input& input) {
    const auto output = ring.step(input, now);
    if (!output.store) return;
    CHECK(*output.store > greatest);
    CHECK(*output.store <= wire::max_ring_seq);
    greatest = *output.store;
    ++rings;
  };
  for (int i = 0; i < 10; ++i) {
    now += 1s;
    step(totem::PeerUp{n2});
    step(totem::Receive{n2, wire::Join{greatest, {n2, 4}, {n1, n2}, {n1}, false}});
    step(totem::PeerDown{n2});  // alone again, in a new ring if there is a number for it
  }
  CHECK(rings == 1);
  CHECK(greatest == wire::max_ring_seq);
}

TEST_CASE("ring: no packet from a peer breaks it, however senseless", "[totem]") {
  Rng rng(5);
  Instant now{};
  totem::Ring ring{totem::Options{}};
  (void)ring.step(totem::Start{n2, 0, 10}, now);
  (void)ring.step(totem::PeerUp{n1}, now);
  const RingId other{n1, 14};
  const auto number = [&] { return rng.chance(1, 4) ? rng.next() : rng.below(40); };
  for (int i = 0; i < 20000; ++i) {
    now += std::chrono::milliseconds(rng.below(40));
    const auto live = rng.chance(1, 2) ? ring.view().ring : other;
    const auto seq = number();
    wire::Packet packet;
    switch (rng.below(5)) {
      case 0: packet = wire::Token{live, number(), MessageSeq(seq), MessageSeq(rng.below(seq | 1U)), n1, 1, 100, 1, wire::Phase(rng.below(3)), false, {}}; break;
      case 1: packet = wire::Mcast{live, MessageSeq(seq | 1U), n1, rng.chance(1, 2), std::nullopt, {{false, false, {1}}}}; break;
      case 2: packet = wire::Join{rng.below(100), other, {n1, n2}, {n2}, rng.chance(1, 9)}; break;
      case 3: packet = wire::CommitToken{{n1, 14 + rng.below(200)}, static_cast<std::uint16_t>(1 + rng.below(4)), {{n1, live, MessageSeq(1), MessageSeq(seq | 1U), MessageSeq(0), seq}, {n2, live, {}, {}, {}, 0}}}; break;
      default: packet = wire::MergeDetect{other, {n1}, {n2}, rng.chance(1, 2)}; break;
    }
    if (!wire::decode(wire::encode(packet))) continue;
    (void)ring.step(totem::Receive{n1, packet}, now);
    const auto broken = ring.broken_invariant();
    REQUIRE(broken.value_or("") == "");
  }
}
