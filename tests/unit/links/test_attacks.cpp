// What strangers, wrong keys and recordings can do to a node: nothing but count.
#include <catch2/catch.hpp>

#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;

namespace {
std::uint64_t dropped(test::Net& net, std::uint32_t n, seal::Drop reason) {
  return net.node(n).drops()[static_cast<std::size_t>(reason)];
}
std::size_t notes_with(test::Net& net, std::uint32_t n, const std::string& text) {
  std::size_t count = 0;
  for (const auto& x : net.notes[n]) count += x.find(text) != std::string::npos ? 1U : 0U;
  return count;
}
}  // namespace

TEST_CASE("attack: a node with another key is never up, and both sides say so once every 10 s", "[links]") {
  test::Net net(3);
  net.start(1);
  net.start(2);
  net.start(3, 99);
  net.run(25s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(3).empty());
  CHECK(notes_with(net, 1, "packets from 10.0.0.3 cannot be authenticated: different authkey") == 3);
  CHECK(notes_with(net, 3, "packets from 10.0.0.1 cannot be authenticated") == 3);
  CHECK(notes_with(net, 3, "packets from 10.0.0.2 cannot be authenticated") == 3);
}

TEST_CASE("attack: recordings of an earlier start prove nothing and change nothing", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(2s);
  net.send(net.node(2).send_all(to_bytes("old")), 2);
  net.run(10ms);
  const auto tape = net.recorded;
  net.start(2);
  net.run(2s);
  const auto before = net.texts(1);
  const auto incarnation = net.node(1).peers()[0].incarnation;
  for (const auto& p : tape) {
    if (p.to == NodeId{1}) net.perform(1, net.node(1).datagram(p.link, p.from, p.bytes, net.now));
    net.run(1ms);
  }
  net.run(1s);
  CHECK(net.texts(1) == before);
  CHECK(net.node(1).peers()[0].incarnation == incarnation);
}

TEST_CASE("attack: ring traffic recorded before a node restarted does not reach it afterwards", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  const auto all = net.node(1).send_all(to_bytes("old"));
  net.start(2);
  net.run(1s);
  net.events[2].clear();
  net.send(all, 1);
  net.run(10ms);
  CHECK(net.texts(2).empty());
  CHECK(dropped(net, 2, seal::Drop::replay) >= 1);
  net.send(net.node(1).send_all(to_bytes("new")), 1);
  net.run(10ms);
  CHECK(net.texts(2) == Texts{"got 1 new"});
}

TEST_CASE("attack: every recorded packet sent again is taken at most once", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(500ms);
  for (int i = 0; i < 50; ++i) {
    net.send(net.node(1).send_all(to_bytes(std::to_string(i))), 1);
    net.run(1ms);
  }
  net.run(10ms);
  const auto before = net.texts(2);
  const auto tape = net.recorded;
  for (const auto& p : tape)
    if (p.to == NodeId{2}) net.perform(2, net.node(2).datagram(p.link, p.from, p.bytes, net.now));
  net.run(10ms);
  CHECK(net.texts(2) == before);
}

TEST_CASE("attack: an authentic frame from another address, link or sender is dropped before decryption", "[links]") {
  test::Net net(3, 2);
  for (std::uint32_t n : {1U, 2U, 3U}) net.start(n);
  net.run(500ms);
  const auto sends = net.node(1).send_to(NodeId{2}, to_bytes("x"));
  REQUIRE(sends.size() == 1);
  const auto stranger = *parse_ip("10.0.0.77", 5405);
  net.perform(2, net.node(2).datagram(LinkId{0}, stranger, sends[0].bytes, net.now));
  net.perform(2, net.node(2).datagram(LinkId{0}, net.addresses(3)[0], sends[0].bytes, net.now));
  CHECK(dropped(net, 2, seal::Drop::bad_source) == 2);
  net.perform(2, net.node(2).datagram(LinkId{1}, net.addresses(1)[1], sends[0].bytes, net.now));
  CHECK(dropped(net, 2, seal::Drop::unknown_sender) == 1);
  CHECK(net.texts(2) == Texts{"up 1", "up 3"});
  net.perform(2, net.node(2).datagram(LinkId{0}, net.addresses(1)[0], sends[0].bytes, net.now));
  CHECK(net.texts(2) == Texts{"up 1", "up 3", "got 1 x"});
}

TEST_CASE("attack: nothing unauthenticated is answered or moves the verdict", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  Rng rng(17);
  const auto tape = net.recorded;
  net.node(1);
  for (int i = 0; i < 20000; ++i) {
    auto bytes = tape[rng.below(tape.size())].bytes;
    bytes[rng.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + rng.below(255));
    if (rng.chance(1, 10)) bytes.resize(rng.below(bytes.size()));
    const auto out = net.node(1).datagram(LinkId{0}, net.addresses(2)[0], bytes, net.now);
    REQUIRE(out.sends.empty());
    REQUIRE(out.events.empty());
  }
  net.run(1s);
  CHECK(net.texts(1) == Texts{"up 2"});
}

TEST_CASE("attack: notes that packets cause are bounded however many addresses they come from", "[links]") {
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.run(1s);
  const auto frame = net.node(2).send_all(to_bytes("x"))[0].bytes;
  net.notes[1].clear();
  for (int i = 0; i < 5000; ++i) {
    const auto from = *parse_ip("10.9." + std::to_string(i / 250) + "." + std::to_string(i % 250), 5405);
    net.perform(1, net.node(1).datagram(LinkId{0}, from, frame, net.now));
  }
  CHECK(net.notes[1].size() <= 64);
}
