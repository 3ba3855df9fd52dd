// Joins, leaves, messages and refusals within one ring.
#include <catch2/catch.hpp>

#include "tests/unit/groups/bus.hpp"

using namespace relevo;
using test::Bus;
using test::Lines;

namespace {
Bus two_nodes() {
  Bus bus(2);
  bus.ring({1, 2});
  bus.settle();
  bus.lines.clear();
  return bus;
}
}  // namespace

TEST_CASE("groups: a join shows its view to all members, the newcomer too", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.settle();
  bus.join(2, 5, "g");
  bus.settle();
  CHECK(bus.lines[1] == Lines{"1: g [ 1:1 ] +1:1", "1: g [ 1:1 2:5 ] +2:5"});
  CHECK(bus.lines[2] == Lines{"5: g [ 1:1 2:5 ] +2:5"});
}

TEST_CASE("groups: two clients of one node are two members and hear each other", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.join(1, 2, "g");
  bus.say(1, 1, "g", "hi");
  bus.settle();
  CHECK(bus.lines[1] == Lines{"1: g [ 1:1 ] +1:1", "1: g [ 1:1 1:2 ] +1:2", "2: g [ 1:1 1:2 ] +1:2", "1: g 1:1 says hi",
                              "2: g 1:1 says hi"});
}

TEST_CASE("groups: a message reaches the members of its group only", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.join(2, 1, "other");
  bus.settle();
  bus.lines.clear();
  bus.say(1, 1, "g", "hi");
  bus.settle();
  CHECK(bus.lines[1] == Lines{"1: g 1:1 says hi"});
  CHECK(bus.lines[2].empty());
}

TEST_CASE("groups: a vanished client leaves with process_down and is told nothing more", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.join(2, 1, "g");
  bus.settle();
  bus.lines.clear();
  bus.groups.at(1).gone(1);
  bus.settle();
  CHECK(bus.lines[1].empty());
  CHECK(bus.lines[2] == Lines{"1: g [ 2:1 ] -1:1"});
}

TEST_CASE("groups: who leaves sees its own leave as the last view and may join again", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.settle();
  CHECK(bus.groups.at(1).leave(1, "g"));
  CHECK(bus.groups.at(1).join(1, "g"));
  bus.settle();
  CHECK(bus.lines[1] == Lines{"1: g [ 1:1 ] +1:1", "1: g [ ] -1:1", "1: g [ 1:1 ] +1:1"});
}

TEST_CASE("groups: what a client may not do is refused and sends nothing", "[groups]") {
  auto bus = two_nodes();
  auto& g = bus.groups.at(1);
  const auto kind = [](const Status& s) { return s.error().kind; };
  CHECK(kind(g.join(1, "g")) == ErrorKind::not_found);
  g.connect(1);
  CHECK(kind(g.join(1, "")) == ErrorKind::invalid);
  CHECK(kind(g.join(1, std::string(129, 'x'))) == ErrorKind::invalid);
  CHECK(kind(g.leave(1, "g")) == ErrorKind::not_found);
  CHECK(kind(g.multicast(1, "g", groups::Guarantee::agreed, {})) == ErrorKind::not_found);
  CHECK(g.outgoing() == nullptr);
  CHECK(g.join(1, "g"));
  CHECK(kind(g.join(1, "g")) == ErrorKind::exists);
  CHECK(kind(g.multicast(1, "g", groups::Guarantee::agreed, Bytes(groups::Groups::max_payload + 1))) == ErrorKind::invalid);
  CHECK(g.multicast(1, "g", groups::Guarantee::agreed, Bytes(groups::Groups::max_payload)));
}

TEST_CASE("groups: what waits for the ring is bounded, and nothing that was taken is lost", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  bus.settle();
  bus.lines.clear();
  std::size_t taken = 0;
  while (bus.groups.at(1).multicast(1, "g", groups::Guarantee::agreed, Bytes(1000))) ++taken;
  CHECK(taken == groups::Groups::max_waiting_messages);
  bus.settle();
  CHECK(bus.lines[1].size() == taken);
  CHECK(bus.groups.at(1).multicast(1, "g", groups::Guarantee::agreed, Bytes(1000)));
}

TEST_CASE("groups: large messages fill the queue by their bytes", "[groups]") {
  auto bus = two_nodes();
  bus.join(1, 1, "g");
  std::size_t taken = 0;
  while (bus.groups.at(1).multicast(1, "g", groups::Guarantee::agreed, Bytes(1'000'000))) ++taken;
  CHECK(taken == 16);
}

TEST_CASE("groups: what the ring took frees its place, however much came through", "[groups]") {
  Bus bus(1);
  bus.ring({1});
  bus.settle();
  bus.join(1, 1, "g");
  bus.settle();
  const Bytes large(1'000'000);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(bus.groups.at(1).multicast(1, "g", groups::Guarantee::agreed, large));
    bus.settle();
  }
}

TEST_CASE("groups: a message whose sender is not in the group here is dropped", "[groups]") {
  auto bus = two_nodes();
  bus.join(2, 1, "g");
  bus.settle();
  bus.lines.clear();
  bus.deliver(2, 1, {groups::encode(groups::ClientMessage{"g", 7, to_bytes("forged")}), groups::Guarantee::agreed});
  bus.deliver(2, 1, {to_bytes("\xff garbage"), groups::Guarantee::agreed});
  CHECK(bus.lines[2].empty());
  CHECK(bus.groups.at(2).counters().unknown_sender == 1);
  CHECK(bus.groups.at(2).counters().unreadable == 1);
}

TEST_CASE("groups: control payloads come to every node in their place of the order", "[groups]") {
  auto bus = two_nodes();
  bus.groups.at(2).control(to_bytes("x"));
  bus.settle();
  CHECK(bus.lines[1] == Lines{"control x"});
  CHECK(bus.lines[2] == Lines{"control x"});
}
