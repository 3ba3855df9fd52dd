// Contact, loss, restart, pauses and several links, between real Links objects over a tiny network.
#include <catch2/catch.hpp>

#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;

TEST_CASE("links: two nodes find each other within a few round trips", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(20ms);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1"});
}

TEST_CASE("links: a node that starts later is up at once, and stays so for a minute", "[links]") {
  test::Net net(3);
  net.start(1);
  net.run(5s);
  CHECK(net.texts(1).empty());
  const auto begin = net.now;
  net.start(2);
  net.run(60s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1"});
  CHECK(net.events[1][0].when - begin <= 10ms);
}

TEST_CASE("links: a dead peer is down after the link timeout, not earlier", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(3s);
  const auto death = net.now;
  net.stop(2);
  net.run(1s);
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2"});
  const auto took = net.events[1][1].when - death;
  CHECK(took >= 150ms);
  CHECK(took <= 210ms);
}

TEST_CASE("links: refusals of the peer's kernel shorten the wait", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(3s);
  const auto death = net.now;
  net.stop(2);
  for (int i = 0; i < 8; ++i) {
    net.run(25ms);
    net.perform(1, net.node(1).unreachable(LinkId{0}, net.addresses(2)[0], net.now));
  }
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2"});
  CHECK(net.events[1][1].when - death < 170ms);
}

TEST_CASE("links: refusals cannot cut a path on which signs of life arrive", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  for (int i = 0; i < 2000; ++i) {
    net.run(1ms);
    net.perform(1, net.node(1).unreachable(LinkId{0}, net.addresses(2)[0], net.now));
  }
  CHECK(net.texts(1) == Texts{"up 2"});
}

TEST_CASE("links: a one-way cut is down on both sides at about the same time", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(3s);
  const auto begin = net.now;
  net.cut = [](auto from, auto, auto) { return from == 1; };
  net.run(2s);
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2"});
  REQUIRE(net.texts(2) == Texts{"up 1", "down 1"});
  CHECK(net.events[1][1].when - begin < 300ms);
  CHECK(net.events[2][1].when - begin < 300ms);
}

TEST_CASE("links: a healed path is up again within a contact interval and a few round trips", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  net.cut = [](auto, auto, auto) { return true; };
  net.run(10s);
  net.cut = [](auto, auto, auto) { return false; };
  const auto healed = net.now;
  net.run(1s);
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2", "up 2"});
  CHECK(net.events[1][2].when - healed <= 110ms);
}

TEST_CASE("links: a restarted peer is down and up at once, long before any time-out", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  const auto begin = net.now;
  net.start(2);
  net.run(50ms);
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2", "up 2"});
  CHECK(net.events[1][2].when - begin <= 15ms);
  CHECK(net.node(1).counters().peer_restarts == 1);
}

TEST_CASE("links: a node that slept does not accuse the others", "[links]") {
  test::Net net(3);
  for (std::uint32_t n : {1U, 2U, 3U}) net.start(n);
  net.run(2s);
  net.pause(1, true);
  net.run(100ms);  // short enough for the others not to accuse it either
  net.pause(1, false);
  net.run(2s);
  for (std::uint32_t n : {1U, 2U, 3U}) CHECK(net.texts(n).size() == 2);
  net.pause(1, true);
  net.run(5s);
  net.pause(1, false);
  net.run(2s);
  CHECK(net.texts(1) == Texts{"up 2", "up 3"});
  CHECK(net.texts(2) == Texts{"up 1", "up 3", "down 1", "up 1"});
  CHECK(net.node(1).counters().stalls > 0);
}

TEST_CASE("links: jitter of three times the interval is learned and causes no flapping", "[links]") {
  test::Net net(2);
  Rng rng(3);
  net.start(1);
  net.start(2);
  net.run(1s);
  // It grows, as a network under growing load does; a jump beyond the floor would rightly be a verdict.
  for (int step = 1; step <= 30; ++step) {
    net.jitter = [&rng, step] { return Duration{rng.between(0, std::int64_t{step} * 4'000'000)}; };
    net.run(3s);
  }
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.node(1).peers()[0].paths[0].timeout > 200ms);
}

TEST_CASE("links: one packet in ten lost causes no verdict in two minutes", "[links]") {
  test::Net net(2);
  Rng rng(11);
  net.start(1);
  net.start(2);
  net.cut = [&rng](auto, auto, auto) { return rng.chance(1, 10); };
  net.run(120s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1"});
}

TEST_CASE("links: latency is that of the network, without the time the peer held the echo", "[links]") {
  test::Net net(2);
  net.delay = 3ms;
  net.start(1);
  net.start(2);
  net.run(2s);
  const auto path = net.node(1).peers()[0].paths[0];
  CHECK(path.up);
  CHECK(path.latency >= 5900us);
  CHECK(path.latency <= 6100us);
}

TEST_CASE("links: with two links the peer survives the loss of one, and traffic moves to the other", "[links]") {
  test::Net net(2, 2);
  net.start(1);
  net.start(2);
  net.run(1s);
  net.cut = [](auto, auto, LinkId link) { return link.value == 0; };
  net.run(1s);
  CHECK(net.texts(1) == Texts{"up 2", "switched 2"});
  const auto sends = net.node(1).send_to(NodeId{2}, to_bytes("hi"));
  REQUIRE(sends.size() == 1);
  CHECK(sends[0].link == LinkId{1});
  net.cut = [](auto, auto, auto) { return true; };
  net.run(1s);
  CHECK(net.texts(1) == Texts{"up 2", "switched 2", "down 2"});
}

TEST_CASE("links: ring traffic is sealed once for all and reaches those that are up, once", "[links]") {
  test::Net net(3);
  for (std::uint32_t n : {1U, 2U, 3U}) net.start(n);
  net.run(100ms);
  const auto sends = net.node(1).send_all(to_bytes("token"));
  REQUIRE(sends.size() == 1);
  CHECK(sends[0].to.size() == 2);
  net.send(sends, 1);
  net.send(sends, 1);  // the network duplicates
  net.run(10ms);
  CHECK(net.texts(2) == Texts{"up 1", "up 3", "got 1 token"});
  CHECK(net.texts(3) == Texts{"up 1", "up 2", "got 1 token"});
  CHECK(net.node(2).drops()[static_cast<std::size_t>(seal::Drop::replay)] == 1);
}

TEST_CASE("links: nothing is sent to a peer that is not up", "[links]") {
  test::Net net(2);
  net.start(1);
  CHECK(net.node(1).send_to(NodeId{2}, to_bytes("x")).empty());
  CHECK(net.node(1).send_all(to_bytes("x")).empty());
  CHECK(net.node(1).send_to(NodeId{9}, to_bytes("x")).empty());
}
