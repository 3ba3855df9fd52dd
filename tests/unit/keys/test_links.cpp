// The links while keys change: nothing goes down, nothing is lost, and who is too far behind is named on both sides.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/links/net.hpp"

using namespace relevo;
using Texts = std::vector<std::string>;
using seal::KeyState;

namespace {
/// "1 2*" = key 1 accepted, key 2 active; "1- 2*" = key 1 retired.
seal::ClusterKeys keys(const std::string& text) {
  seal::Keyring ring;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto id = static_cast<std::uint8_t>(text[at++] - '0');
    const char mark = at < text.size() ? text[at] : ' ';
    const auto state = mark == '*' ? KeyState::active : mark == '-' ? KeyState::retire : KeyState::accept;
    ring.entries.push_back(seal::make_entry(id, state, id, test::secret_of(id)));
    at += mark == ' ' ? 1 : 2;
  }
  return {ring, "test"};
}
std::size_t notes_with(test::Net& net, std::uint32_t n, const std::string& text) {
  std::size_t count = 0;
  for (const auto& x : net.notes[n]) count += x.find(text) != std::string::npos ? 1U : 0U;
  return count;
}
std::uint64_t dropped(test::Net& net, std::uint32_t n, seal::Drop reason) {
  return net.node(n).drops()[static_cast<std::size_t>(reason)];
}
struct Two {
  Two(const std::string& one, const std::string& two) : net(2) {
    net.start(1);
    net.start(2);
    set(1, one);
    set(2, two);
  }
  void set(std::uint32_t n, const std::string& text) { net.node(n).set_keys(keys(text)); }
  test::Net net;
};
}  // namespace

TEST_CASE("links: the sending key changes under traffic, and nothing is lost or goes down", "[keys]") {
  Two t("1*", "1*");
  auto& net = t.net;
  net.run(1s);
  REQUIRE(net.texts(1) == Texts{"up 2"});
  const char* steps[] = {"1* 2", "1 2*", "1- 2*", "1- 2* 3", "1- 2 3*"};
  int sent = 0;
  for (const auto* step : steps) {
    for (std::uint32_t n : {1U, 2U}) {
      t.set(n, step);
      for (int i = 0; i < 5; ++i) {
        net.send(net.node(1).send_all(to_bytes("x")), 1);
        net.send(net.node(2).send_to(NodeId{1}, to_bytes("y")), 2);
        ++sent;
        net.run(3ms);
      }
    }
  }
  net.run(1s);
  const auto one = net.texts(1), two = net.texts(2);
  CHECK(std::count(one.begin(), one.end(), "got 2 y") == sent);
  CHECK(std::count(two.begin(), two.end(), "got 1 x") == sent);
  CHECK(net.node(1).counters().path_downs == 0);
  CHECK(net.node(2).counters().path_downs == 0);
  CHECK(net.node(1).counters().peer_restarts == 0);
  CHECK(dropped(net, 1, seal::Drop::replay) == 0);
}

TEST_CASE("links: a recording from before the change of keys is a replay after it", "[keys]") {
  Two t("1*", "1*");
  auto& net = t.net;
  net.run(1s);
  const auto sends = net.node(1).send_all(to_bytes("x"));
  net.send(sends, 1);
  net.run(10ms);
  t.set(1, "1 2*");
  t.set(2, "1 2*");
  net.run(100ms);
  net.send(sends, 1);
  net.run(10ms);
  const auto texts = net.texts(2);
  CHECK(std::count(texts.begin(), texts.end(), "got 1 x") == 1);
  CHECK(dropped(net, 2, seal::Drop::replay) == 1);
}

TEST_CASE("links: a node that missed rotations comes up with any key that still opens", "[keys]") {
  for (const std::string old : {"1*", "2*", "3*"}) {
    Two t("1 2 3 4*", old);
    t.net.run(3s);
    CHECK(t.net.texts(1) == Texts{"up 2"});
    CHECK(t.net.texts(2) == Texts{"up 1"});
    t.net.send(t.net.node(1).send_all(to_bytes("x")), 1);
    t.net.send(t.net.node(1).send_to(NodeId{2}, to_bytes("y")), 1);
    t.net.run(10ms);
    CHECK(t.net.texts(2) == Texts{"up 1", "got 1 x", "got 1 y"});
    CHECK(notes_with(t.net, 2, "cannot be authenticated") == 0);
  }
}

TEST_CASE("links: two sides that made a key each come up with the newest they have in common, and stay up", "[keys]") {
  Two t("1 2 3*", "1 2 4*");
  auto& net = t.net;
  net.run(1s);
  const auto downs = net.node(1).counters().path_downs + net.node(2).counters().path_downs;
  net.recorded.clear();
  net.run(10s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1"});
  net.send(net.node(1).send_all(to_bytes("x")), 1);
  net.send(net.node(2).send_to(NodeId{1}, to_bytes("y")), 2);
  net.run(10ms);
  CHECK(net.texts(2).back() == "got 1 x");
  CHECK(net.texts(1).back() == "got 2 y");
  CHECK(net.node(1).counters().path_downs + net.node(2).counters().path_downs == downs);
  REQUIRE_FALSE(net.recorded.empty());
  for (const auto& packet : net.recorded) REQUIRE(seal::parse_header(packet.bytes).header->key_id == 2);
  // The rings become one, step by step, as the rotation does it.
  for (const auto& [node, ring] : {std::pair{1U, "1 2 3* 4"}, {2U, "1 2 3 4*"}, {1U, "1 2 3 4*"}}) {
    t.set(node, ring);
    for (int i = 0; i < 5; ++i) {
      net.send(net.node(1).send_all(to_bytes("x")), 1);
      net.send(net.node(2).send_to(NodeId{1}, to_bytes("y")), 2);
      net.run(3ms);
    }
  }
  net.run(1s);
  const auto one = net.texts(1), two = net.texts(2);
  CHECK(std::count(one.begin(), one.end(), "got 2 y") == 16);
  CHECK(std::count(two.begin(), two.end(), "got 1 x") == 16);
  CHECK(net.node(1).counters().path_downs + net.node(2).counters().path_downs == downs);
}

TEST_CASE("links: who was given another's key but seals with his own is heard under what the other has", "[keys]") {
  for (const auto& [one, two] : {std::pair{"1 3* 4", "1 4*"}, {"1 2 4*", "1 2*"}, {"3* 4", "4*"}, {"1 3*", "1 2*"}}) {
    Two t(one, two);
    t.net.run(10s);
    CHECK(t.net.texts(1) == Texts{"up 2"});
    CHECK(t.net.texts(2) == Texts{"up 1"});
  }
}

TEST_CASE("links: two keys of one id that are not the same do not part nodes that have another in common", "[keys]") {
  const auto half = [](std::vector<std::uint8_t> secrets, std::uint8_t active) {
    seal::Keyring ring;
    ring.entries.push_back(seal::make_entry(1, KeyState::accept, 1, test::secret_of(1)));
    for (const auto secret : secrets)
      ring.entries.push_back(seal::make_entry(2, secret == active ? KeyState::active : KeyState::accept, secret, test::secret_of(secret)));
    return seal::ClusterKeys(ring, "test");
  };
  test::Net net(2);
  net.start(1);
  net.start(2);
  net.node(1).set_keys(half({50}, 50));
  net.node(2).set_keys(half({60}, 60));
  net.run(10s);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1"});
  // One ring of both: still two keys of one id.
  net.node(1).set_keys(half({50, 60}, 50));
  net.run(1s);
  net.node(2).set_keys(half({50, 60}, 60));
  net.run(1s);
  net.node(1).set_keys(half({50, 60}, 60));
  net.run(1s);
  net.recorded.clear();
  net.send(net.node(1).send_all(to_bytes("x")), 1);
  net.run(10ms);
  CHECK(net.texts(1) == Texts{"up 2"});
  CHECK(net.texts(2) == Texts{"up 1", "got 1 x"});
  for (const auto& packet : net.recorded) CHECK(seal::parse_header(packet.bytes).header->key_id == 2);
}

TEST_CASE("links: with only a retired key both sides say so every 10 s, and it costs no work", "[keys]") {
  Two t("1- 2*", "1*");
  auto& net = t.net;
  net.run(500ms);
  net.notes.clear();
  const auto hellos = net.node(1).counters().hellos_sent;
  net.run(25s);
  CHECK(net.texts(1).empty());
  CHECK(notes_with(net, 1, "node 2 (10.0.0.2) still uses key 1, which is retired: copy the key file of another node to it") >= 2);
  CHECK(notes_with(net, 1, "still uses key 1") <= 3);
  CHECK(notes_with(net, 2, "this node has 1: when the others have changed their key, copy the key file of one of them here") >= 2);
  CHECK(notes_with(net, 2, "cannot be authenticated") <= 3);
  CHECK(dropped(net, 1, seal::Drop::retired_key) > 100);
  CHECK(dropped(net, 2, seal::Drop::bad_key_id) > 100);
  CHECK(net.node(1).counters().hellos_sent - hellos < 300);
}
