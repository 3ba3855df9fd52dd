// Inputs that change how the ring works: options, frame sizes, standing; and what bounds its memory.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "tests/unit/totem/pump.hpp"

using namespace relevo;
using groups::Guarantee;
using pump::Pump;

namespace {

constexpr NodeId n1{1};
constexpr NodeId n2{2};
constexpr NodeId n3{3};

}  // namespace

TEST_CASE("options: frames are as large as the links carry, and old ones go on in their size", "[totem]") {
  Pump ring(3);
  ring.run_for(2s);
  REQUIRE(ring.is_whole());
  ring.reset();
  std::size_t sent = 0;
  for (const std::size_t room : {65000U, 512U, 9000U, 1400U, 100U, 1000000U}) {
    for (const auto node : {n1, n2, n3}) ring.put(node, totem::FrameRoom{room});
    for (int i = 0; i < 5; ++i) sent += ring.submit(n2, 150000, Guarantee::safe) ? 1U : 0U;
    ring.run_for(1ms);
  }
  ring.run_for(1s);
  CHECK(sent > 20);
  for (const auto node : {n1, n2, n3}) CHECK(ring.delivered(node) == static_cast<int>(sent));
  CHECK(ring.largest_frame() > 64000);
  CHECK(ring.largest_frame() <= wire::max_frame);
  CHECK(ring.broken().empty());
  ring.reset();
  ring.put(n2, totem::FrameRoom{512});
  REQUIRE(ring.submit(n2, 20000));
  ring.run_for(100ms);
  CHECK(ring.largest_frame() <= 512);
  CHECK(ring.delivered(n3) == 1);
}

TEST_CASE("options: the largest frames survive a recovery, where they are wrapped", "[totem]") {
  Pump ring(3);
  ring.run_for(2s);
  for (const auto node : {n1, n2, n3}) ring.put(node, totem::FrameRoom{wire::max_frame});
  ring.reset();
  bool is_deaf = true;
  ring.lose = [&](NodeId, NodeId to, const wire::Packet& packet) {
    return is_deaf && std::holds_alternative<wire::Mcast>(packet) && to == n2;
  };
  REQUIRE(ring.submit(n1, 200000));
  ring.run_for(5ms);
  is_deaf = false;
  for (const auto node : {n1, n2}) ring.put(node, totem::PeerDown{n3});
  ring.run_for(300ms);
  CHECK(ring.delivered(n1) == 1);
  CHECK(ring.delivered(n2) == 1);
  CHECK(ring.view(n1).counters.recovered > 0);
  CHECK(ring.broken().empty());
}

TEST_CASE("options: windows and timers change while the ring is busy, to anything", "[totem]") {
  Rng rng(4);
  Pump ring(3);
  ring.run_for(2s);
  ring.reset();
  int taken = 0;
  for (int i = 0; i < 300; ++i) {
    totem::Options options;
    options.window_size = static_cast<std::uint32_t>(rng.below(4) * rng.below(100));
    options.max_messages = static_cast<std::uint32_t>(rng.below(3) * rng.below(20));
    options.window_bytes = static_cast<std::uint32_t>(rng.below(1U << 20));
    options.visit_bytes = static_cast<std::uint32_t>(rng.below(1U << 21));
    options.store_frames = rng.below(3000);
    options.store_bytes = rng.below(1U << 22);
    options.miss_count = static_cast<std::uint32_t>(rng.below(9));
    options.seqno_unchanged = static_cast<std::uint32_t>(rng.below(40));
    options.token = std::chrono::milliseconds(500 + rng.below(1000));
    options.token_retransmit = std::chrono::milliseconds(rng.below(800));
    options.hold = std::chrono::milliseconds(rng.below(200));
    options.queue_messages = rng.below(50);
    const NodeId node(static_cast<std::uint32_t>(1 + rng.below(3)));
    ring.put(node, totem::Reconfigure{options});
    if (rng.chance(1, 3)) ring.put(node, totem::FrameRoom{rng.below(3000)});
    for (int k = 0; k < 20; ++k) taken += ring.submit(node, rng.below(5000), rng.chance(1, 4) ? Guarantee::safe : Guarantee::agreed) ? 1 : 0;
    ring.run_for(std::chrono::milliseconds(rng.below(20)));
    REQUIRE(ring.broken() == "");
  }
  ring.run_for(5s);
  CHECK(taken > 300);
  for (const auto node : {n1, n2, n3}) CHECK(ring.delivered(node) == taken);
  CHECK(ring.installed(n1) == 0);
}

TEST_CASE("options: whatever one member does not receive, the others keep a bounded amount", "[totem]") {
  totem::Options options;
  options.store_bytes = std::size_t{4} << 20;
  options.fail_to_receive = 60s;  // nobody is thrown out here
  for (const std::size_t room : {1400U, 65000U}) {
    Pump ring(3, options);
    ring.run_for(2s);
    for (const auto node : {n1, n2, n3}) ring.put(node, totem::FrameRoom{room});
    ring.reset();
    bool is_deaf = true;
    ring.lose = [&](NodeId, NodeId to, const wire::Packet& packet) {
      return is_deaf && std::holds_alternative<wire::Mcast>(packet) && to == n3;
    };
    int taken = 0;
    for (int i = 0; i < 200; ++i) {
      for (const auto node : {n1, n2}) taken += ring.submit(node, 100000) ? 1 : 0;
      ring.run_for(5ms);
      for (const auto node : {n1, n2, n3}) REQUIRE(ring.view(node).stored_bytes <= options.store_bytes + (1U << 20));
    }
    CHECK(taken < 200);  // then the queues were full
    is_deaf = false;
    ring.run_for(3s);
    for (const auto node : {n1, n2, n3}) CHECK(ring.delivered(node) == taken);
    CHECK(ring.installed(n1) == 0);
    CHECK(ring.broken() == "");
  }
}

TEST_CASE("options: small windows do not starve anybody", "[totem]") {
  totem::Options options;
  options.window_size = 2;
  Pump ring(3, options);
  ring.run_for(2s);
  std::map<NodeId, int> from;
  ring.on_event = [&](NodeId, const totem::Event& event) {
    if (const auto* delivery = std::get_if<totem::Delivery>(&event)) ++from[delivery->sender];
  };
  for (int i = 0; i < 200; ++i) {
    for (const auto node : {n1, n2, n3})
      for (int k = 0; k < 5; ++k) (void)ring.submit(node, 1300);
    ring.run_for(3ms);
  }
  const auto [least, most] = std::ranges::minmax_element(from, {}, &std::pair<const NodeId, int>::second);
  REQUIRE(from.size() == 3);
  CHECK(most->second <= 3 * least->second);
}

TEST_CASE("options: the side with the votes is chosen, and a quorate ring before a larger number", "[totem]") {
  for (const bool is_quorate : {false, true}) {
    Pump ring(3);
    ring.run_for(2s);
    ring.put(n3, totem::Standing{5, is_quorate});
    ring.put(n2, totem::Standing{1, is_quorate});
    ring.put(n1, totem::Standing{1, is_quorate});
    ring.reset();
    // 1 and 3 hear each other no more; 2 hears both.
    ring.lose = [](NodeId from, NodeId to, const wire::Packet&) { return from.value + to.value == 4; };
    ring.put(n1, totem::PeerDown{n3});
    ring.put(n3, totem::PeerDown{n1});
    ring.run_for(60s);
    CHECK(ring.view(n3).members == std::vector{n2, n3});
    CHECK(ring.view(n1).members == std::vector{n1});
    for (const auto node : {n1, n2, n3}) CHECK(ring.installed(node) <= 2);
  }
}

TEST_CASE("options: two rings without quorum become one that has it, though one of the nodes cannot come along", "[totem]") {
  for (const bool is_quorate : {false, true}) {
    Pump ring(4);
    const auto is_apart = [](NodeId a, NodeId b) { return (a == n2 && b.value >= 3) || (b == n2 && a.value >= 3); };
    const auto sides = [](NodeId a, NodeId b) { return (a.value <= 2) != (b.value <= 2); };
    ring.lose = [&](NodeId from, NodeId to, const wire::Packet&) { return sides(from, to); };
    for (const auto a : {1U, 2U, 3U, 4U})
      for (const auto b : {1U, 2U, 3U, 4U})
        if (sides(NodeId(a), NodeId(b))) ring.put(NodeId(a), totem::PeerDown{NodeId(b)});
    ring.run_for(2s);
    REQUIRE(ring.view(n1).members == std::vector{n1, n2});
    REQUIRE(ring.view(n3).members.size() == 2);
    for (const auto node : {n1, n2}) ring.put(node, totem::Standing{1, is_quorate});
    ring.reset();
    ring.lose = [&](NodeId from, NodeId to, const wire::Packet&) { return is_apart(from, to); };
    for (const auto other : {3U, 4U}) {
      ring.put(n1, totem::PeerUp{NodeId(other)});
      ring.put(NodeId(other), totem::PeerUp{n1});
    }
    ring.run_for(60s);
    CHECK(ring.view(n1).members.size() == (is_quorate ? 2U : 3U));
    CHECK(ring.view(n2).members.size() == (is_quorate ? 2U : 1U));
    for (const auto node : {n1, n2, n3}) CHECK(ring.installed(node) <= 1);
    CHECK(ring.broken() == "");
  }
}

TEST_CASE("options: the counters and times that tools show move", "[totem]") {
  Pump ring(3);
  ring.run_for(5s);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(ring.submit(n2, 500));
    ring.run_for(300ms);
  }
  const auto view = ring.view(n1);
  CHECK(view.counters.token_holds > 0);
  CHECK(view.counters.hold_cancels_received > 0);
  CHECK(ring.view(n2).counters.hold_cancels_sent > 0);
  CHECK(ring.view(n2).counters.frames_sent == 20);
  CHECK(view.counters.frames_received == 20);
  CHECK(view.counters.commit_entered > 0);
  CHECK(view.counters.recovery_entered > 0);
  CHECK(view.counters.gathers_by[static_cast<std::size_t>(totem::GatherReason::start)] == 1);
  CHECK(view.counters.continuous_gathers == 0);
  CHECK(view.counters.token_retransmits == 0);
  CHECK(view.average_rotation >= 3ms);
  CHECK(view.average_rotation <= 4ms);
  CHECK(view.since_token < 1s);
}
