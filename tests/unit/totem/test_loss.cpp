// What lost packets cost: a token, a request for it, frames, and connections that carry only a part of the traffic.
#include <catch2/catch.hpp>

#include "tests/unit/totem/pump.hpp"

using namespace relevo;
using groups::Guarantee;
using pump::Pump;

namespace {

constexpr NodeId n1{1};
constexpr NodeId n2{2};
constexpr NodeId n3{3};

template <class Type>
bool is(const wire::Packet& packet) {
  return std::holds_alternative<Type>(packet);
}

/// A ring of three that has rested for a while.
struct Rested : Pump {
  explicit Rested(const totem::Options& options = {}) : Pump(3, options) {
    run_for(3s);
    REQUIRE(is_whole());
    reset();
  }
};

}  // namespace

TEST_CASE("loss: a token that is lost anywhere is mended within a few rotations, busy or idle", "[totem]") {
  for (const auto from : {n1, n2, n3}) {
    for (const bool is_idle : {true, false}) {
      Rested ring;
      if (!is_idle) {
        REQUIRE(ring.submit(n1, 100));
        ring.run_for(8ms);
        ring.reset();
      }
      int lost = 0;
      ring.lose = [&](NodeId sender, NodeId, const wire::Packet& packet) {
        return is<wire::Token>(packet) && sender == from && lost++ == 0;
      };
      REQUIRE(ring.submit(n2, 100));
      ring.run_for(80ms);  // the default of token_retransmit is 714 ms, that of token 3650
      INFO("the token of node " << from.value << (is_idle ? ", idle" : ", busy"));
      CHECK(lost > 0);
      CHECK(ring.delivered(n1) + ring.delivered(n2) + ring.delivered(n3) == 3);
      CHECK(ring.installed(n1) == 0);
      CHECK(ring.broken().empty());
    }
  }
}

TEST_CASE("loss: a request for the held token that gets lost is repeated at once", "[totem]") {
  Rested ring;
  int lost = 0;
  ring.lose = [&](NodeId, NodeId, const wire::Packet& packet) { return is<wire::HoldCancel>(packet) && lost++ == 0; };
  REQUIRE(ring.submit(n3, 100));
  ring.run_for(60ms);
  CHECK(lost > 1);
  CHECK(ring.delivered(n2) == 1);
}

TEST_CASE("loss: a lone safe message on an idle ring is delivered within a few rotations though its frame is lost", "[totem]") {
  Rested ring;
  int lost = 0;
  ring.lose = [&](NodeId, NodeId to, const wire::Packet& packet) { return is<wire::Mcast>(packet) && to == n3 && lost++ == 0; };
  REQUIRE(ring.submit(n2, 100, Guarantee::safe));
  ring.run_for(60ms);
  CHECK(lost > 1);
  for (const auto node : {n1, n2, n3}) CHECK(ring.delivered(node) == 1);
}

TEST_CASE("loss: with a switched path the last token is sent again at once", "[totem]") {
  totem::Options options;
  options.token_retransmit = 500ms;
  Rested ring(options);
  bool is_broken = true;
  ring.lose = [&](NodeId sender, NodeId, const wire::Packet&) { return is_broken && sender == n1; };
  REQUIRE(ring.submit(n1, 100));
  ring.run_for(1ms + 1us);
  is_broken = false;
  const auto before = ring.view(n1).counters.token_retransmits;
  ring.put(n1, totem::PathSwitched{n3});
  CHECK(ring.view(n1).counters.token_retransmits == before);  // the token goes to n2
  ring.put(n1, totem::PathSwitched{n2});
  CHECK(ring.view(n1).counters.token_retransmits == before + 1);
  ring.run_for(50ms);
  for (const auto node : {n1, n2, n3}) CHECK(ring.delivered(node) == 1);
}

TEST_CASE("loss: a node that no frame reaches is left out in well under a second, and comes back rarely", "[totem]") {
  Rested ring;
  bool is_deaf = true;
  ring.lose = [&](NodeId, NodeId to, const wire::Packet& packet) { return is_deaf && is<wire::Mcast>(packet) && to == n3; };
  REQUIRE(ring.submit(n1, 100, Guarantee::safe));
  ring.run_for(900ms);
  CHECK(ring.view(n1).members == std::vector{n1, n2});
  CHECK(ring.view(n3).members == std::vector{n3});
  CHECK(ring.delivered(n1) == 1);
  for (int i = 0; i < 600; ++i) {
    (void)ring.submit(n2, 100);
    ring.run_for(100ms);
  }
  CHECK(ring.installed(n1) <= 16);
  CHECK(ring.delivered(n1) > 550);
  is_deaf = false;
  ring.run_for(20s);
  CHECK(ring.is_whole());
  CHECK(ring.broken().empty());
}

TEST_CASE("loss: frames that only one of two senders cannot bring over come by the other, without a new ring", "[totem]") {
  for (const auto& [bad, other] : {std::pair{n1, n2}, std::pair{n2, n1}}) {
    Rested ring;
    ring.lose = [bad = bad](NodeId from, NodeId to, const wire::Packet& packet) {
      return is<wire::Mcast>(packet) && from == bad && to == n3;
    };
    for (int i = 0; i < 50; ++i) {
      REQUIRE(ring.submit(bad, 100, Guarantee::safe));
      ring.run_for(100ms);
    }
    CHECK(ring.delivered(n3) == 50);
    CHECK(ring.installed(n3) == 0);
    CHECK(ring.view(other).counters.resent >= 50);
  }
}

TEST_CASE("loss: tokens and frames from who should not send them, or out of range, are dropped", "[totem]") {
  Rested ring;
  REQUIRE(ring.submit(n2, 100));
  ring.run_for(30ms);
  const auto of = ring.view(n1).ring;
  const auto before = ring.view(n1).counters;
  const NodeId stranger{4};
  const auto token = [&](std::uint64_t seq) {
    wire::Token t;
    t.ring = of;
    t.token_seq = std::uint64_t{1} << 40;
    t.seq = t.aru = MessageSeq(seq);
    return t;
  };
  const wire::Mcast frame{of, MessageSeq(2), n2, false, std::nullopt, {{true, true, {1}}}};
  auto forged = frame;
  forged.sender = stranger;
  ring.put(n1, totem::Receive{n2, token(1)});  // the token comes from n3
  ring.put(n1, totem::Receive{n3, token(std::uint64_t{1} << 40)});
  ring.put(n1, totem::Receive{stranger, frame});
  ring.put(n1, totem::Receive{n2, forged});
  ring.put(n1, totem::Receive{stranger, wire::HoldCancel{of}});
  ring.put(n1, totem::Receive{n2, wire::Join{of.seq - 1, {}, {n2}, {}, false}});
  const auto after = ring.view(n1).counters;
  CHECK(after.dropped == before.dropped + 6);
  CHECK(after.tokens == before.tokens);
  CHECK(after.frames_received == before.frames_received);
  CHECK(after.hold_cancels_received == before.hold_cancels_received);
  CHECK(after.gathers == before.gathers);
  ring.run_for(1s);
  CHECK(ring.is_whole());
  CHECK(ring.installed(n1) == 0);
}

TEST_CASE("loss: a one-way cut that no link sees gives two rings that stay, and one again when it mends", "[totem]") {
  for (const auto& [from, to] : {std::pair{n2, n3}, std::pair{n1, n2}, std::pair{n3, n1}}) {
    Rested ring;
    bool is_cut = true;
    ring.lose = [&, from = from, to = to](NodeId sender, NodeId receiver, const wire::Packet&) {
      return is_cut && sender == from && receiver == to;
    };
    for (int i = 0; i < 120; ++i) {
      (void)ring.submit(n1, 100);
      ring.run_for(500ms);
    }
    INFO("cut from " << from.value << " to " << to.value);
    for (const auto node : {n1, n2, n3}) CHECK(ring.installed(node) <= 2);
    for (const auto node : {n1, n2, n3}) CHECK(ring.view(node).state == "operational");
    CHECK(ring.delivered(n1) > 95);
    is_cut = false;
    ring.run_for(20s);
    CHECK(ring.is_whole());
  }
}
