// Paths that keep coming and going, doubts, stalls and what is counted of a path.
#include <catch2/catch.hpp>

#include "membership/links/damping.hpp"
#include "membership/links/meter.hpp"
#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;

TEST_CASE("damping: two returns are free, then probation doubles to 8 s, and quiet time lowers it again", "[links]") {
  links::Damping damping;
  Instant now{100s};
  std::vector<Duration> waits;
  for (int i = 0; i < 10; ++i) {
    damping.lost(now += 1s);
    waits.push_back(damping.probation(now));
  }
  CHECK(waits == std::vector<Duration>{0s, 0s, 250ms, 500ms, 1s, 2s, 4s, 8s, 8s, 8s});
  CHECK(damping.probation(now + 10s) == 4s);
  CHECK(damping.probation(now + 60s) == 0s);
  damping.forget();
  CHECK(damping.probation(now) == 0s);
}

TEST_CASE("damping: a flapping link carries traffic later and later, both ends agree, the other link goes on", "[links]") {
  test::Net net(2, 2);
  net.start(1);
  net.start(2);
  net.run(1s);
  net.events.clear();
  for (int i = 0; i < 6; ++i) {
    net.cut = [](auto, auto, LinkId link) { return link.value == 0; };
    net.run(500ms);
    net.cut = [](auto, auto, auto) { return false; };
    net.run(300ms);
  }
  CHECK(net.path(1).up);
  CHECK_FALSE(net.path(1).active);
  CHECK(net.path(1).probation > 500ms);
  CHECK_FALSE(net.path(2).active);
  CHECK(net.path(1, 0, 1).active);
  for (const auto& text : net.texts(1)) CHECK(text == "switched 2");
  net.run(9s);
  CHECK(net.path(1).active);
  CHECK(net.path(2).active);
}

TEST_CASE("damping: a path on probation is better than none", "[links]") {
  test::Net net(2, 2);
  net.start(1);
  net.start(2);
  net.run(1s);
  for (int i = 0; i < 6; ++i) {
    net.cut = [](auto, auto, LinkId link) { return link.value == 0; };
    net.run(500ms);
    net.cut = [](auto, auto, auto) { return false; };
    net.run(300ms);
  }
  REQUIRE_FALSE(net.path(1).active);
  net.events.clear();
  net.cut = [](auto, auto, LinkId link) { return link.value == 1; };
  net.run(1s);
  CHECK(net.path(1).active);
  for (const auto& text : net.texts(1)) CHECK(text == "switched 2");
}

TEST_CASE("damping: a restarted peer did not flap, however often it restarts", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  for (int i = 0; i < 10; ++i) {
    net.stop(2);
    net.run(1s);
    net.start(2);
    net.run(150ms);
    CHECK(net.path(1).active);
  }
}

TEST_CASE("doubt: a missing sign is asked for at four times the pace, so heavy loss is no verdict", "[links]") {
  test::Net net(2);
  Rng rng(23);
  net.start(1);
  net.start(2);
  net.run(1s);
  net.cut = [&rng](auto, auto, auto) { return rng.chance(25, 100); };
  net.run(120s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.path(1).loss_permille > 100);
}

TEST_CASE("doubt: a dead peer is noticed after the time-out's floor, also when it was jittery before", "[links]") {
  test::Net net(2);
  Rng rng(3);
  net.start(1);
  net.start(2);
  net.run(1s);
  net.jitter = [&rng] { return Duration{rng.between(0, 60'000'000)}; };
  net.run(30s);
  const auto death = net.now;
  net.stop(2);
  net.run(2s);
  REQUIRE(net.texts(1) == Texts{"up 2", "down 2"});
  CHECK(net.events[1][1].when - death <= 470ms);
}

TEST_CASE("stall: every node paused for 100 ms in turn, fifty times, with late packets: nobody is accused", "[links]") {
  test::Net net(3);
  Rng rng(9);
  for (std::uint32_t n : {1U, 2U, 3U}) net.start(n);
  net.run(1s);
  net.jitter = [&rng] { return Duration{rng.between(0, 20'000'000)}; };
  for (int i = 0; i < 50; ++i) {
    for (std::uint32_t n : {1U, 2U, 3U}) {
      net.pause(n, true);
      net.run(100ms);
      net.pause(n, false);
      net.run(Duration{rng.between(20'000'000, 200'000'000)});
    }
  }
  for (std::uint32_t n : {1U, 2U, 3U}) CHECK(net.texts(n).size() == 2);
}

TEST_CASE("idle: the nodes fall into step, so each wakes about as often as packets come, not for each path", "[links]") {
  test::Net net(3, 2);
  for (std::uint32_t n : {1U, 2U, 3U}) {
    net.start(n);
    net.run(17ms);
  }
  net.run(10s);
  const auto beats = net.node(1).counters().heartbeats_sent;
  net.run(10s);
  // 2 peers, 2 links, 20 beats a second: 800 in 10 s; in step they are no more.
  CHECK(net.node(1).counters().heartbeats_sent - beats <= 850);
  CHECK(net.node(1).counters().heartbeats_sent - beats >= 750);
}

TEST_CASE("counts: packets, bytes, ups and downs, latency and loss of a path are told", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  const auto before = net.path(1);
  net.send(net.node(1).send_all(to_bytes("hello")), 1);
  net.run(10ms);
  const auto after = net.path(1), other = net.path(2);
  CHECK(after.sent_data_packets == 1);
  CHECK(other.received_data_packets == 1);
  CHECK(other.received_data_bytes == after.sent_data_bytes);
  CHECK(after.sent_bytes >= before.sent_bytes + after.sent_data_bytes);
  CHECK(after.up_count == 1);
  CHECK(after.down_count == 0);
  CHECK(after.loss_permille == 0);
  CHECK(after.latency_min > 0ms);
  CHECK(after.latency_min <= after.latency_average);
  CHECK(after.latency_average <= after.latency_max);
  net.stop(2);
  net.run(1s);
  CHECK(net.path(1).down_count == 1);
}

TEST_CASE("counts: loss is that of the last 128 heartbeats, whatever numbers come", "[links]") {
  links::Loss loss;
  for (std::uint32_t n = 1; n <= 200; ++n)
    if (n % 4 != 0) loss.came(n);
  CHECK(loss.permille() == 250);
  loss.came(4'000'000'000U);
  CHECK(loss.permille() == 992);
  loss.came(1);
  loss.came(0);
  CHECK(loss.permille() == 992);
}
