// cluster.conf: the timers of each profile, the formulas between them, and what contradicts itself.
#include <catch2/catch.hpp>

#include "tests/unit/config/files.hpp"

using namespace relevo;
using namespace relevo::config_test;

TEST_CASE("timers: the default profile has Corosync's token and notices a dead node in 280 ms", "[config]") {
  const auto t = totem_of("", 3);
  CHECK(t.heartbeat == 110ms);
  CHECK(t.link_timeout == 280ms);
  CHECK(t.token == 3650ms);
  CHECK(t.consensus == 4380ms);
  CHECK(t.join == 50ms);
  CHECK(t.merge == 200ms);
  CHECK(t.token_retransmit == 280ms);
  CHECK(t.hold == 220ms);
}

TEST_CASE("timers: fast and wan change all of them together", "[config]") {
  const auto fast = totem_of("profile: fast\n", 3);
  CHECK(fast.heartbeat == 5ms);
  CHECK(fast.link_timeout == 20ms);
  CHECK(fast.token == 365ms);
  CHECK(fast.token_retransmit == 20ms);
  CHECK(fast.hold == 15ms);
  CHECK(fast.join == 10ms);
  const auto wan = totem_of("profile: wan\n", 3);
  CHECK(wan.heartbeat == 300ms);
  CHECK(wan.link_timeout == 3s);
  CHECK(wan.token == 16'500ms);
  CHECK(wan.token_retransmit == 3s);
  CHECK(wan.consensus == 19'800ms);
}

TEST_CASE("timers: in every profile and size they fit each other", "[config]") {
  for (const auto* profile : {"default", "fast", "wan"}) {
    for (const int nodes : {1, 2, 3, 16, 64}) {
      INFO(profile << ", " << nodes << " nodes");
      const auto t = totem_of(std::string("profile: ") + profile + "\n", nodes);
      CHECK(5 * t.heartbeat <= 2 * t.link_timeout);
      CHECK(t.link_timeout < t.token);
      CHECK(t.hold < t.token_retransmit);
      CHECK(t.token_retransmit < t.token);
      CHECK(t.join < t.consensus);
      CHECK(5 * t.consensus >= 6 * t.token);
    }
  }
}

TEST_CASE("timers: a single option stands above the profile, and what follows from it follows", "[config]") {
  const auto t = totem_of("profile: fast\ntoken: 1000\n", 2);
  CHECK(t.token == 1000ms);
  CHECK(t.consensus == 1200ms);
  CHECK(t.heartbeat == 5ms);
  CHECK(totem_of("link_timeout: 40\n", 2).heartbeat == 16ms);
  CHECK(totem_of("heartbeat_interval: 100\n", 2).link_timeout == 400ms);
  CHECK(totem_of("token_coefficient: 0\n", 64).token == 3s);
}

TEST_CASE("timers: who asks for a number of tries gets Corosync's spread of them", "[config]") {
  const auto t = totem_of("token: 1000\ntoken_retransmits_before_loss_const: 4\n", 2);
  CHECK(t.token_retransmit == 238ms);
  CHECK(t.hold == 180ms);
}

TEST_CASE("timers: contradictions are refused with what to do", "[config]") {
  CHECK_THAT(error_of("heartbeat_interval: 20\nlink_timeout: 40\n", 2), Catch::Contains("two and a half heartbeats"));
  CHECK_THAT(error_of("token: 150\nlink_timeout: 200\n", 2), Catch::Contains("not longer than link_timeout"));
  CHECK_THAT(error_of("token_retransmit: 5000\n", 2), Catch::Contains("not shorter than token"));
  CHECK_THAT(error_of("hold: 300\n", 2), Catch::Contains("not shorter than token_retransmit"));
  CHECK_THAT(error_of("consensus: 20\n", 2), Catch::Contains("shorter than join"));
  CHECK_THAT(error_of("profile: quick\n", 2), Catch::Contains("default, fast, wan"));
}

TEST_CASE("timers: a consensus below its formula is taken with a warning", "[config]") {
  const auto config = parse("consensus: 3100\n", 2);
  REQUIRE(config);
  REQUIRE_FALSE(config->notes.empty());
  CHECK(config->notes.back().level == Level::warning);
}

TEST_CASE("links: knet's ping options become the pace of their link", "[config]") {
  const auto t = totem_of("interface {\nlinknumber: 1\nknet_ping_interval: 20\nknet_ping_timeout: 90\nknet_link_priority: 7\n}\n", 2, 2);
  REQUIRE(t.links.size() == 2);
  CHECK(t.links[0].heartbeat == 0ms);
  CHECK(t.links[1].heartbeat == 20ms);
  CHECK(t.links[1].timeout == 90ms);
  CHECK(t.links[1].priority == 7);
}

TEST_CASE("links: ping options that leave no room for a lost packet are mended, with a word", "[config]") {
  const auto config = parse("interface {\nlinknumber: 0\nknet_ping_interval: 400\nknet_ping_timeout: 800\n}\n", 2);
  REQUIRE(config);
  CHECK(config->totem.links[0].heartbeat == 200ms);
  CHECK(config->totem.links[0].timeout == 800ms);
  REQUIRE_FALSE(config->notes.empty());
  CHECK_THAT(config->notes.back().text, Catch::Contains("link 0"));
  const auto interval = totem_of("interface {\nlinknumber: 0\nknet_ping_interval: 400\n}\n", 2);
  CHECK(interval.links[0].timeout == 1600ms);
}

TEST_CASE("links: each has a port of its own", "[config]") {
  const auto config = parse("interface {\nlinknumber: 0\nmcastport: 6000\n}\ninterface {\nlinknumber: 1\nmcastport: 7000\n}\n", 2, 3);
  REQUIRE(config);
  CHECK(config::port_of_link(*config, 0) == 6000);
  CHECK(config::port_of_link(*config, 1) == 7000);
  CHECK(config::port_of_link(*config, 2) == 6002);
}

TEST_CASE("links: the mtu is what the network carries, less the headers", "[config]") {
  CHECK(totem_of("", 2).mtu == 0);
  CHECK(totem_of("knet_mtu: 1500\n", 2).mtu == 1452);
  CHECK(totem_of("netmtu: 9000\n", 2).mtu == 8952);
  CHECK(totem_of("netmtu: 65536\n", 2).mtu == 0);
  CHECK_THAT(error_of("knet_mtu: 600\n", 2), Catch::Contains("1280"));
}

TEST_CASE("timers: a short token of an old corosync.conf makes the links' times fit, with a word in the log", "[config]") {
  for (const int token : {10, 11, 12, 13, 30, 100, 150, 250, 280}) {
    const auto text = fmt::format("token: {}\n", token);
    INFO(text);
    const auto t = totem_of(text, 2);
    CHECK(t.token == std::chrono::milliseconds(token));
    CHECK(t.link_timeout < t.token);
    CHECK(10 * t.link_timeout >= 7 * t.token);
    CHECK(5 * t.heartbeat <= 2 * t.link_timeout);
    CHECK(t.heartbeat > 0ms);
  }
  const auto notes = parse("token: 250\n", 2)->notes;
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0].text, Catch::Contains("link_timeout is 200 ms and heartbeats go every 80 ms"));
  CHECK(parse("token: 1000\n", 2)->notes.empty());
  CHECK(totem_of("token: 2000\nprofile: wan\n", 2).heartbeat == 300ms);
  CHECK_THAT(error_of("token: 150\nheartbeat_interval: 60\n", 2), Catch::Contains("two and a half heartbeats"));
}
