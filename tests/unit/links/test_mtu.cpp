// The search for the largest packet that passes, black holes, and the frame room that follows.
#include <catch2/catch.hpp>

#include "membership/links/mtu_search.hpp"
#include "tests/unit/links/net.hpp"

using namespace relevo;

namespace {
/// Runs a search against a path that takes `limit`; `told`: the kernel refuses locally and names the limit.
std::size_t probes_until_rest(links::MtuSearch& search, std::size_t limit, Instant& now, bool told) {
  std::size_t probes = 0;
  for (int i = 0; i < 1000; ++i) {
    if (!search.next() || *search.next() - now > 5s) return probes;
    now = std::max(now, *search.next());
    const auto size = search.probe(now, 40ms);
    if (!size) continue;
    ++probes;
    if (*size <= limit) search.passed(*size, now);
    else if (told) search.refused(limit, now);
  }
  return probes;
}
}  // namespace

TEST_CASE("mtu: the search finds every limit to within 8 bytes", "[links]") {
  for (std::size_t limit : {508U, 600U, 1231U, 1232U, 1300U, 1372U, 1452U, 1472U, 1473U, 4000U, 8972U, 30000U, 65100U, 70000U}) {
    links::MtuSearch search({});
    Instant now{1s};
    search.start(now);
    (void)probes_until_rest(search, limit, now, false);
    CHECK(search.size() <= limit);
    CHECK(search.size() + 8 >= std::min<std::size_t>(limit, 65100));
  }
}

TEST_CASE("mtu: on an Ethernet interface that names its limit three questions are enough", "[links]") {
  links::MtuSearch search({});
  Instant now{1s};
  search.start(now);
  CHECK(probes_until_rest(search, 1472, now, true) <= 3);
  CHECK(search.size() == 1472);
}

TEST_CASE("mtu: later rounds ask little when nothing has changed, and find a path that has become wider", "[links]") {
  links::MtuSearch search({});
  Instant now{1s};
  search.start(now);
  (void)probes_until_rest(search, 1400, now, false);
  now += 30s;
  CHECK(probes_until_rest(search, 1400, now, false) <= 4);
  now += 30s;
  (void)probes_until_rest(search, 9000, now, false);
  CHECK(search.size() >= 8992);
}

TEST_CASE("mtu: a refusal of the very probe does not become a size to try", "[links]") {
  links::MtuSearch search({});
  Instant now{1s};
  search.start(now);
  std::size_t asked = 0;
  for (int i = 0; i < 100 && *search.next() <= now; ++i) {
    const auto size = search.probe(now, 40ms);
    REQUIRE(size);
    ++asked;
    if (*size <= 1472) search.passed(*size, now);
    else search.refused(*size - 1, now);
  }
  CHECK(search.size() >= 1464);
  CHECK(asked < 20);
}

TEST_CASE("mtu: a size set by hand is used and never questioned", "[links]") {
  links::MtuSearch::Limits limits;
  limits.fixed = 1000;
  links::MtuSearch search(limits);
  search.start(Instant{1s});
  CHECK_FALSE(search.next());
  search.refused(600, Instant{2s});
  CHECK(search.size() == 1000);
}

TEST_CASE("mtu: links find what their paths carry, and the room is that of the narrowest peer", "[links]") {
  test::Net net(3);
  net.mtu = [](auto) { return std::size_t{1472}; };
  for (std::uint32_t n : {1U, 2U, 3U}) net.start(n);
  net.run(5s);
  CHECK(net.path(1).mtu == 1472);
  CHECK(net.node(1).frame_room() == 1472 - seal::max_overhead);
  net.mtu = [](auto) { return std::size_t{65507}; };
  net.run(40s);
  CHECK(net.node(1).frame_room() == 65000);
}

TEST_CASE("mtu: IPv6 headers leave less room than IPv4 headers", "[links]") {
  test::Net net(0);
  for (std::uint32_t n : {1U, 2U}) net.add_address(n, "fd00::" + std::to_string(n));
  net.mtu = [](auto) { return std::size_t{1452}; };
  net.start(1);
  net.start(2);
  net.run(5s);
  CHECK(net.path(1).mtu == 1452);
  CHECK(net.node(1).frame_room() == 1452 - seal::max_overhead);
}

TEST_CASE("mtu: a black hole under traffic is noticed within two seconds, and everything passes again in parts", "[links]") {
  test::Net net(2);
  net.mtu = [](auto) { return std::size_t{8972}; };
  net.start(1);
  net.start(2);
  net.run(5s);
  REQUIRE(net.node(1).frame_room() == 8972 - seal::max_overhead);
  net.mtu = [](auto) { return std::size_t{1350}; };
  const Bytes body(8000, 7);
  for (int i = 0; i < 200; ++i) {
    net.send(net.node(1).send_all(body), 1);
    net.run(10ms);
  }
  CHECK(net.path(1).up);
  CHECK(net.path(1).mtu <= 1350);
  CHECK(net.path(1).mtu >= 1232);
  net.events.clear();
  net.send(net.node(1).send_all(body), 1);
  net.run(10ms);
  CHECK(net.texts(2) == std::vector<std::string>{"got 1 8000 bytes"});
  CHECK(net.bodies[2] == body);
  net.run(5s);
  CHECK(net.path(1).mtu >= 1342);
}

TEST_CASE("mtu: what a router says lowers nothing by itself", "[links]") {
  test::Net net(2);
  net.mtu = [](auto) { return std::size_t{1472}; };
  net.start(1);
  net.start(2);
  net.run(5s);
  for (int i = 0; i < 100; ++i) {
    net.perform(1, net.node(1).too_big(LinkId{0}, net.addresses(2)[0], 600, false, net.now));
    net.run(10ms);
  }
  CHECK(net.path(1).mtu == 1472);
}

TEST_CASE("mtu: the interface's own word counts at once, also when it comes without a port", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(5s);
  auto to = net.addresses(2)[0];
  to.port = 0;
  net.mtu = [](auto) { return std::size_t{1472}; };
  net.perform(1, net.node(1).too_big(LinkId{0}, to, 1472, true, net.now));
  CHECK(net.path(1).mtu == 1472);
}

TEST_CASE("mtu: questions cost an idle path a handful of packets in a minute", "[links]") {
  test::Net net(2);
  net.mtu = [](auto) { return std::size_t{1472}; };
  net.start(1);
  net.start(2);
  net.run(5s);
  const auto packets = net.path(1).sent_packets;
  const auto heartbeats = net.node(1).counters().heartbeats_sent;
  net.run(60s);
  CHECK(net.path(1).sent_packets - packets - (net.node(1).counters().heartbeats_sent - heartbeats) <= 30);
}
