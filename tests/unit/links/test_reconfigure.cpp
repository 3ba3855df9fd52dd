// Nodes, links, addresses, timers and modes that change while running.
#include <catch2/catch.hpp>

#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;

namespace {
void start_all(test::Net& net, std::uint32_t nodes) {
  for (std::uint32_t n = 1; n <= nodes; ++n) net.start(n);
  net.run(1s);
  net.events.clear();
}
void tell_all(test::Net& net, std::uint32_t nodes) {
  for (std::uint32_t n = 1; n <= nodes; ++n) net.reconfigure(n);
}
}  // namespace

TEST_CASE("reconfigure: the same options again disturb nothing", "[links]") {
  test::Net net(3, 2);
  start_all(net, 3);
  for (int i = 0; i < 100; ++i) {
    tell_all(net, 3);
    net.run(7ms);
  }
  for (std::uint32_t n : {1U, 2U, 3U}) CHECK(net.texts(n).empty());
  CHECK(net.node(1).counters().path_downs == 0);
}

TEST_CASE("reconfigure: other timers count from then on and cost no path, in either direction", "[links]") {
  test::Net net(2);
  start_all(net, 2);
  for (const auto& [beat, timeout] : {std::pair{5ms, 20ms}, {300ms, 3000ms}, {5ms, 20ms}, {50ms, 200ms}}) {
    net.base.heartbeat = beat;
    net.base.link_timeout = timeout;
    net.reconfigure(1);
    net.run(30ms);  // the other hears of it later
    net.reconfigure(2);
    net.run(10s);
    CHECK(net.texts(1).empty());
    CHECK(net.texts(2).empty());
    CHECK(net.path(1).timeout <= timeout + timeout / 10);
  }
}

TEST_CASE("reconfigure: a removed node is down at once and the others do not notice", "[links]") {
  test::Net net(3);
  start_all(net, 3);
  net.stop(3);
  net.forget(3);
  net.reconfigure(1);
  net.reconfigure(2);
  CHECK(net.texts(1) == Texts{"down 3"});
  net.run(1s);
  CHECK(net.texts(1) == Texts{"down 3"});
  CHECK(net.node(1).peers().size() == 1);
  CHECK(net.node(1).send_to(NodeId{3}, to_bytes("x")).empty());
  CHECK(net.node(1).send_all(to_bytes("x")).at(0).to.size() == 1);
}

TEST_CASE("reconfigure: an added node is found", "[links]") {
  test::Net net(2);
  start_all(net, 2);
  net.add_address(3, "10.0.0.3");
  tell_all(net, 2);
  net.start(3);
  net.run(200ms);
  CHECK(net.texts(1) == Texts{"up 3"});
  CHECK(net.texts(3) == Texts{"up 1", "up 2"});
}

TEST_CASE("reconfigure: an added link comes up beside the first, a removed one takes no peer down", "[links]") {
  test::Net net(2);
  start_all(net, 2);
  for (std::uint32_t n : {1U, 2U}) net.add_address(n, "10.1.0." + std::to_string(n));
  tell_all(net, 2);
  net.run(500ms);
  CHECK(net.path(1, 0, 1).up);
  // The first link goes, the second keeps its number.
  for (std::uint32_t n : {1U, 2U}) net.addresses(n)[0] = Address{};
  tell_all(net, 2);
  net.run(500ms);
  REQUIRE(net.node(1).peers()[0].paths.size() == 1);
  CHECK(net.path(1).link == LinkId{1});
  CHECK(net.texts(1) == Texts{"switched 2"});
  CHECK(net.node(1).send_all(to_bytes("x")).at(0).link == LinkId{1});
}

TEST_CASE("reconfigure: a link with another address comes up there, while the other link carries on", "[links]") {
  test::Net net(2, 2);
  start_all(net, 2);
  net.addresses(2)[0] = *parse_ip("10.0.0.77", 5405);
  tell_all(net, 2);
  net.run(500ms);
  CHECK(net.texts(1) == Texts{"switched 2"});
  CHECK(net.path(1).remote == *parse_ip("10.0.0.77", 5405));
  CHECK(net.path(1).up);
}

TEST_CASE("reconfigure: a changed only address is a short loss, and the same start of the peer is known", "[links]") {
  test::Net net(2);
  start_all(net, 2);
  const auto incarnation = net.node(1).peers()[0].incarnation;
  net.addresses(2)[0] = *parse_ip("10.0.0.77", 5405);
  tell_all(net, 2);
  net.run(500ms);
  CHECK(net.texts(1) == Texts{"down 2", "up 2"});
  CHECK(net.node(1).peers()[0].incarnation == incarnation);
  CHECK(net.node(1).counters().peer_restarts == 0);
}

TEST_CASE("reconfigure: another mode and other priorities count for the next packet", "[links]") {
  test::Net net(2, 2);
  start_all(net, 2);
  CHECK(net.node(1).send_all(to_bytes("x")).at(0).link == LinkId{0});
  net.base.links = {{1, {}, {}}, {9, {}, {}}};
  net.reconfigure(1);
  CHECK(net.node(1).send_all(to_bytes("x")).at(0).link == LinkId{1});
  net.base.mode = links::Mode::active;
  net.reconfigure(1);
  CHECK(net.node(1).send_all(to_bytes("x")).size() == 2);
  CHECK(net.texts(1).empty());
}

TEST_CASE("reconfigure: a node that is in the list no longer knows nobody", "[links]") {
  test::Net net(2);
  start_all(net, 2);
  net.forget(1);
  net.reconfigure(1);
  CHECK(net.texts(1) == Texts{"down 2"});
  CHECK(net.node(1).peers().empty());
  CHECK_FALSE(net.node(1).next_deadline());
}
