// Which paths carry the traffic, and that every body comes once whatever the mode.
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;

namespace {
std::vector<int> links_of(const std::vector<links::Send>& sends) {
  std::vector<int> result;
  for (const auto& s : sends) result.push_back(s.link.value);
  return result;
}
std::size_t count(const Texts& texts, const std::string& text) {
  return static_cast<std::size_t>(std::count(texts.begin(), texts.end(), text));
}
test::Net two_nodes(links::Mode mode, std::size_t links = 2) {
  test::Net net(2, links);
  net.base.mode = mode;
  return net;
}
void start_all(test::Net& net) {
  net.start(1);
  net.start(2);
  net.run(1s);
}
}  // namespace

TEST_CASE("modes: passive uses the path of the highest priority, the lowest number among equals", "[links]") {
  auto net = two_nodes(links::Mode::passive, 3);
  net.base.links = {{1, {}, {}}, {5, {}, {}}, {5, {}, {}}};
  start_all(net);
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{1});
  CHECK(net.path(1, 0, 1).active);
  CHECK_FALSE(net.path(1, 0, 0).active);
  net.cut = [](auto, auto, LinkId link) { return link.value == 1; };
  net.run(1s);
  CHECK(links_of(net.node(1).send_to(NodeId{2}, to_bytes("x"))) == std::vector<int>{2});
  net.cut = [](auto, auto, auto) { return false; };
  net.run(1s);
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{1});
}

TEST_CASE("modes: active sends over all links, and each body comes once", "[links]") {
  auto net = two_nodes(links::Mode::active);
  start_all(net);
  net.events.clear();
  for (int i = 0; i < 100; ++i) {
    net.send(net.node(1).send_all(to_bytes("all")), 1);
    net.send(net.node(1).send_to(NodeId{2}, to_bytes("one")), 1);
    net.run(1ms);
  }
  net.run(10ms);
  CHECK(count(net.texts(2), "got 1 all") == 100);
  CHECK(count(net.texts(2), "got 1 one") == 100);
  CHECK(net.node(2).counters().duplicates == 200);
  CHECK(net.node(2).drops()[static_cast<std::size_t>(seal::Drop::replay)] == 0);
}

TEST_CASE("modes: active loses nothing when half of each link's packets are lost on different beats", "[links]") {
  auto net = two_nodes(links::Mode::active);
  start_all(net);
  net.events.clear();
  std::uint64_t beat = 0;
  net.cut = [&beat](auto, auto, LinkId link) { return beat % 2 == link.value; };
  for (; beat < 50; ++beat) net.send(net.node(1).send_all(to_bytes("x")), 1);
  net.cut = [](auto, auto, auto) { return false; };
  net.run(20ms);
  CHECK(count(net.texts(2), "got 1 x") == 50);
}

TEST_CASE("modes: round-robin takes the next path for each packet, and those that are up only", "[links]") {
  auto net = two_nodes(links::Mode::round_robin, 3);
  start_all(net);
  std::vector<int> used;
  for (int i = 0; i < 6; ++i) used.push_back(links_of(net.node(1).send_all(to_bytes("x"))).at(0));
  CHECK(used == std::vector<int>{used[0], (used[0] + 1) % 3, (used[0] + 2) % 3, used[0], (used[0] + 1) % 3, (used[0] + 2) % 3});
  net.cut = [](auto, auto, LinkId link) { return link.value == 1; };
  net.run(1s);
  for (int i = 0; i < 6; ++i) CHECK(links_of(net.node(1).send_to(NodeId{2}, to_bytes("x"))).at(0) != 1);
}

TEST_CASE("modes: round-robin spreads what goes to all, also when each such frame is followed by one to a single node", "[links]") {
  auto net = two_nodes(links::Mode::round_robin);
  start_all(net);
  std::set<int> frames, tokens;
  for (int i = 0; i < 4; ++i) {
    frames.insert(links_of(net.node(1).send_all(to_bytes("frame"))).at(0));
    tokens.insert(links_of(net.node(1).send_to(NodeId{2}, to_bytes("token"))).at(0));
  }
  CHECK(frames == std::set<int>{0, 1});
  CHECK(tokens == std::set<int>{0, 1});
}

TEST_CASE("modes: traffic leaves a silent path before the verdict with the timers of the default profile, too", "[links]") {
  auto net = two_nodes(links::Mode::passive);
  net.base.heartbeat = 110ms;
  net.base.link_timeout = 280ms;
  start_all(net);
  net.events.clear();
  net.cut = [](auto, auto, LinkId link) { return link.value == 0; };
  bool left_before_the_verdict = false;
  for (int i = 0; i < 400 && net.path(1).up; ++i) {
    net.run(1ms);
    left_before_the_verdict |= net.path(1).up && links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{1};
  }
  CHECK_FALSE(net.path(1).up);
  CHECK(left_before_the_verdict);
}

TEST_CASE("modes: a frame for one link is refused on another, also one that was lost on its own", "[links]") {
  auto net = two_nodes(links::Mode::round_robin);
  start_all(net);
  const auto sends = net.node(1).send_to(NodeId{2}, to_bytes("x"));
  REQUIRE(sends.size() == 1);
  const LinkId other{static_cast<std::uint8_t>(1 - sends[0].link.value)};
  const auto out = net.node(2).datagram(other, net.addresses(1)[other.value], sends[0].bytes, net.now);
  CHECK(out.events.empty());
}

TEST_CASE("modes: a copy for all links is refused from an address that is not the sender's there", "[links]") {
  auto net = two_nodes(links::Mode::active);
  start_all(net);
  const auto sends = net.node(1).send_to(NodeId{2}, to_bytes("x"));
  REQUIRE(sends.size() == 2);
  CHECK(net.node(2).datagram(LinkId{1}, net.addresses(1)[0], sends[0].bytes, net.now).events.empty());
  CHECK(net.node(2).datagram(LinkId{1}, net.addresses(1)[1], sends[0].bytes, net.now).events.size() == 1);
  CHECK(net.node(2).datagram(LinkId{0}, net.addresses(1)[0], sends[1].bytes, net.now).events.empty());
}

TEST_CASE("modes: traffic leaves a silent path before the verdict, and the ring is told once", "[links]") {
  auto net = two_nodes(links::Mode::passive);
  start_all(net);
  net.events.clear();
  net.cut = [](auto, auto, LinkId link) { return link.value == 0; };
  net.run(150ms);
  CHECK(net.path(1).up);
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{1});
  net.run(2s);
  CHECK_FALSE(net.path(1).up);
  CHECK(net.texts(1) == Texts{"switched 2"});
}

TEST_CASE("modes: a send that this host's kernel refuses moves the traffic at once, until the path has answered again", "[links]") {
  auto net = two_nodes(links::Mode::passive);
  start_all(net);
  net.events.clear();
  net.perform(1, net.node(1).send_failed(LinkId{0}, net.addresses(2)[0], net.now));
  CHECK(net.texts(1) == Texts{"switched 2"});
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{1});
  net.run(200ms);
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{0});
  CHECK(net.path(1).down_count == 0);
}

TEST_CASE("modes: with one path only, a doubt changes nothing", "[links]") {
  auto net = two_nodes(links::Mode::passive, 1);
  start_all(net);
  net.events.clear();
  net.perform(1, net.node(1).send_failed(LinkId{0}, net.addresses(2)[0], net.now));
  CHECK(links_of(net.node(1).send_all(to_bytes("x"))) == std::vector<int>{0});
  CHECK(net.texts(1).empty());
}

TEST_CASE("modes: a slow link beside a fast, busy one stays up: each has its own replay window", "[links]") {
  auto net = two_nodes(links::Mode::passive);
  start_all(net);
  net.jitter = [] { return Duration{0}; };
  const auto slow = [&net](LinkId link) { return link.value == 1 ? 60ms : 0ms; };
  net.delay_of = slow;
  net.events.clear();
  for (int i = 0; i < 1000; ++i) {
    for (int j = 0; j < 20; ++j) net.send(net.node(1).send_all(to_bytes("x")), 1);
    net.run(1ms);
  }
  CHECK(net.path(2, 0, 1).up);
  CHECK(net.path(2, 0, 1).down_count == 0);
}
