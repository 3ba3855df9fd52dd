// A rotation from the request to the retired key, latecomers, and what operators are refused.
#include <catch2/catch.hpp>

#include "tests/unit/keys/bus.hpp"

using namespace relevo;
using test::Bus;

namespace {
const Result<std::string>& last(const Bus& bus) { return bus.answers.back().second; }
bool refused(const Bus& bus, const std::string& words) { return !last(bus) && last(bus).error().message.find(words) != std::string::npos; }
}  // namespace

TEST_CASE("rotation: equal rings are compared and nothing is written", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  CHECK(bus.writes == 0);
  for (auto n : {1U, 2U, 3U}) CHECK(bus.nodes.at(n).rotation->status().state == "settled");
}

TEST_CASE("rotation: the new key is on every disk before anyone seals with it, and all can talk at every step", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(2);
  bool seen_active = false;
  while (bus.step()) {
    REQUIRE(bus.all_hear());
    for (auto n : {1U, 2U, 3U}) {
      if (bus.text(n) != "10 11*") continue;
      seen_active = true;
      for (auto m : {1U, 2U, 3U}) REQUIRE(bus.file(m).find("11") != std::string::npos);
    }
  }
  CHECK(seen_active);
  for (auto n : {1U, 2U, 3U}) {
    CHECK(bus.text(n) == "10 11*");
    CHECK(bus.file(n) == "10 11*");
  }
  REQUIRE(bus.answers.size() == 1);
  CHECK(last(bus)->find("key 11") != std::string::npos);
}

TEST_CASE("rotation: the former key is retired after the grace period, and its secret is nowhere any more", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  const auto old = bus.nodes.at(1).rotation->ring().active()->secret;
  bus.rotate(1);
  bus.run();
  bus.pass(59s);
  bus.run();
  CHECK(bus.text(3) == "10 11*");
  bus.pass(2s);
  bus.run();
  for (auto n : {1U, 2U, 3U}) {
    CHECK(bus.text(n) == "10- 11*");
    CHECK(bus.file(n) == "10- 11*");
    CHECK(bus.nodes.at(n).rotation->ring().entries[0].secret.empty());
  }
  CHECK(bus.all_hear());
}

TEST_CASE("rotation: a hundred in a row keep the ring within eight entries and all ids apart", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  for (int i = 0; i < 100; ++i) {
    bus.rotate(1 + static_cast<std::uint32_t>(i) % 3);
    while (bus.step()) REQUIRE(bus.all_hear());
    REQUIRE(last(bus));
    const auto& entries = bus.nodes.at(1).rotation->ring().entries;
    REQUIRE(entries.size() <= seal::max_keys);
    REQUIRE(bus.file(1) == bus.text(2));
  }
}

TEST_CASE("rotation: a raw key of 256 bytes becomes a keyring of two", "[keys]") {
  Bytes raw(256);
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<std::uint8_t>(i);
  seal::Keyring ring(*seal::read_authkey(raw, "key"));
  seal::assign_ids(ring, "c");
  const auto id = ring.active()->id;
  const seal::ClusterKey before(*seal::read_authkey(raw, "key"), "c");
  Bus bus(2, ring);
  bus.meet({1, 2});
  bus.rotate(1);
  bus.run();
  const auto read = *seal::read_key_file(bus.files[2].view(), "key");
  REQUIRE(read.entries.size() == 2);
  const seal::ClusterKey after(*read.find(id), "c");
  CHECK(after.id() == before.id());
  const auto a = before.frame_key(NodeId{1}, Incarnation{5}), b = after.frame_key(NodeId{1}, Incarnation{5});
  CHECK(std::equal(a.secret.view().begin(), a.secret.view().end(), b.secret.view().begin()));
}

TEST_CASE("rotation: what was multicast does not contain the new key, and other pairs do not open it", "[keys]") {
  Bus bus(2);
  bus.meet({1, 2});
  bus.rotate(1);
  bus.run();
  const auto secret = bus.nodes.at(1).rotation->ring().active()->secret;
  test::SeededRandom random(99);
  const auto stranger = keys::make_pair(random);
  int boxes = 0;
  for (const auto& payload : bus.tape) {
    CHECK(std::search(payload.begin(), payload.end(), secret.view().begin(), secret.view().end()) == payload.end());
    const auto message = keys::decode(payload);
    REQUIRE(message);
    if (const auto* give = std::get_if<keys::Give>(&*message)) {
      for (const auto& [node, box] : give->boxes) {
        ++boxes;
        CHECK_FALSE(keys::open_box(box, stranger));
      }
    }
  }
  CHECK(boxes == 2);
}

TEST_CASE("rotation: a node that was away catches up with a key that is still accepted", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.kill(3);
  bus.meet({1, 2});
  bus.rotate(1);
  CHECK(refused(bus, "node 3"));
  bus.rotate(1, true);
  bus.run();
  bus.rotate(2, true);
  bus.run();
  bus.pass(10min);
  bus.run();
  CHECK(bus.text(1) == "10 12 13*");
  bus.boot(3);
  CHECK(bus.file(3) == "10*");
  CHECK(bus.all_hear());
  bus.form({1, 2, 3});
  while (bus.step()) REQUIRE(bus.all_hear());
  for (auto n : {1U, 2U, 3U}) CHECK(bus.file(n) == "10 12 13*");
  bus.pass(61s);
  bus.run();
  for (auto n : {1U, 2U, 3U}) CHECK(bus.file(n) == "10- 12- 13*");
}

TEST_CASE("rotation: without all nodes nothing is retired by itself, an operator may with force", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2});
  bus.rotate(1, true);
  bus.run();
  bus.retire(1, 10);
  CHECK(refused(bus, "node 3"));
  bus.retire(1, 10, true);
  bus.run();
  CHECK(last(bus));
  CHECK(bus.text(2) == "10- 12*");
  CHECK_FALSE(bus.hears(1, 3));
  CHECK_FALSE(bus.hears(3, 1));
}

TEST_CASE("rotation: what makes no sense is refused with the reason, and nothing is sent", "[keys]") {
  Bus bus(3);
  bus.rotate(1);
  CHECK(refused(bus, "comparing"));
  bus.meet({1, 2, 3}, false);
  bus.rotate(1);
  CHECK(refused(bus, "no quorum"));
  bus.meet({1, 2, 3});
  bus.retire(1, 10);
  CHECK(refused(bus, "active"));
  bus.retire(1, 77);
  CHECK(refused(bus, "no key 77"));
  bus.rotate(1);
  bus.rotate(1);
  CHECK(refused(bus, "still runs"));
  CHECK(bus.nodes.at(2).writes.empty());
}

TEST_CASE("rotation: both halves of a split cluster make a key, and together again all have both and one is active", "[keys]") {
  for (const bool older_first : {false, true}) {
    Bus bus(2);
    bus.form({1});
    bus.meet({2});
    bus.wall = older_first ? 2000 : 3000;
    bus.rotate(1, true);
    bus.run();
    bus.wall = older_first ? 3000 : 2000;
    bus.rotate(2, true);
    bus.run();
    CHECK(bus.text(1) == "10 12*");
    CHECK(bus.text(2) == "10 11*");
    CHECK(bus.all_hear());
    bus.form({1, 2});
    while (bus.step()) REQUIRE(bus.all_hear());
    for (auto n : {1U, 2U}) CHECK(bus.file(n) == (older_first ? "10 12 11*" : "10 11 12*"));
    bus.pass(61s);
    bus.run();
    for (auto n : {1U, 2U}) CHECK(bus.file(n) == (older_first ? "10- 12- 11*" : "10- 11- 12*"));
  }
}

TEST_CASE("rotation: two keys of one id are told apart, united, and retired as any others", "[keys]") {
  Bus bus(2);
  for (std::uint32_t n : {1U, 2U}) {
    auto ring = test::ring_of(10);
    ring.entries[0].state = seal::KeyState::accept;
    ring.entries.push_back(seal::make_entry(11, seal::KeyState::active, 2000 + n, test::secret_of(static_cast<std::uint8_t>(100 + n))));
    bus.files[n] = seal::keyring_text(ring);
    bus.boot(n);
  }
  CHECK(bus.all_hear());
  bus.form({1, 2});
  while (bus.step()) REQUIRE(bus.all_hear());
  for (auto n : {1U, 2U}) CHECK(bus.file(n) == "10 11 11*");
  bus.rotate(1);
  while (bus.step()) REQUIRE(bus.all_hear());
  for (auto n : {1U, 2U}) CHECK(bus.file(n) == "10- 11- 11 12*");
  bus.retire(2, 11);
  bus.run();
  CHECK(last(bus));
  for (auto n : {1U, 2U}) CHECK(bus.file(n) == "10- 11- 11- 12*");
}

TEST_CASE("rotation: of two that are asked for at once one is done and the other refused", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  bus.rotate(3);
  bus.run();
  REQUIRE(bus.answers.size() == 2);
  CHECK((bus.answers[0].second.has_value() ? 1 : 0) + (bus.answers[1].second.has_value() ? 1 : 0) == 1);
  for (auto n : {1U, 2U, 3U}) CHECK(bus.file(n) == "10 11*");
}

TEST_CASE("rotation: a node that joins the node list in the grace period keeps the former key alive until it has been here", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  bus.run();
  for (auto n : {1U, 2U, 3U}) bus.nodes.at(n).rotation->set_configured({NodeId{1}, NodeId{2}, NodeId{3}, NodeId{4}});
  bus.pass(61s);
  bus.run();
  for (auto n : {1U, 2U, 3U}) CHECK(bus.text(n) == "10 11*");
}

TEST_CASE("rotation: a clock beyond all years gives a key that every file can hold", "[keys]") {
  Bus bus(2);
  bus.meet({1, 2});
  bus.wall = keys::latest_creation + 1000;
  bus.rotate(1);
  bus.run();
  REQUIRE(bus.answers.size() == 1);
  CHECK(last(bus));
  for (auto n : {1U, 2U}) CHECK(bus.file(n) == "10 11*");
  CHECK(bus.nodes.at(2).rotation->ring().active()->created == keys::latest_creation);
}

TEST_CASE("rotation: nothing is retired by itself on a side that has lost its quorum meanwhile", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  bus.run();
  for (auto n : {1U, 2U, 3U}) bus.nodes.at(n).rotation->set_quorate(false);
  bus.pass(61s);
  bus.run();
  for (auto n : {1U, 2U, 3U}) CHECK(bus.text(n) == "10 11*");
}

TEST_CASE("rotation: a key that nobody seals with yet is used by a side with quorum only", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  while (bus.file(2) != "10* 11") REQUIRE(bus.step());
  bus.meet({2}, false);
  CHECK(bus.text(2) == "10* 11");
  bus.meet({2}, true);
  CHECK(bus.text(2) == "10 11*");
}

TEST_CASE("rotation: what a node that just caught up seals with is not retired in the same round", "[keys]") {
  Bus bus(3);
  bus.kill(3);
  bus.meet({1, 2});
  bus.rotate(1, true);
  bus.run();
  bus.boot(3);
  bus.bad_disks = {3};
  bus.meet({1, 2, 3});
  bus.bad_disks.clear();
  bus.rotate(1);
  while (bus.step()) REQUIRE(bus.all_hear());
  REQUIRE(last(bus));
  for (auto n : {1U, 2U, 3U}) CHECK(bus.text(n) == "10 12 13*");
}

TEST_CASE("rotation: a message of a node that is no member, and a key that is not the one it is called, change nothing", "[keys]") {
  Bus bus(2);
  bus.meet({1, 2});
  auto& two = *bus.nodes.at(2).rotation;
  bus.rotate(1);
  std::optional<keys::Give> give;
  while (!give) {
    REQUIRE(bus.step());
    const auto message = keys::decode(bus.tape.back());
    if (const auto* g = std::get_if<keys::Give>(&*message)) give = *g;
  }
  give->key.fingerprint[0] ^= 1;
  CHECK(two.control(NodeId{9}, keys::encode(*give), bus.now).stores.empty());
  const auto out = two.control(NodeId{1}, keys::encode(*give), bus.now);
  CHECK(out.stores.empty());
  REQUIRE(out.controls.size() == 1);
  CHECK(std::holds_alternative<keys::Failed>(*keys::decode(out.controls[0])));
  CHECK(two.ring().entries.size() == 1);
  const keys::Failed foreign{give->round, "no"};
  CHECK(two.control(NodeId{9}, keys::encode(foreign), bus.now).notes.empty());
}

TEST_CASE("rotation: nodes that remember more retired keys than a ring holds settle all the same", "[keys]") {
  Bus bus(2);
  const auto past = [](std::uint8_t first, std::uint8_t count) {
    seal::Keyring ring;
    for (std::uint8_t i = 0; i < count; ++i)
      ring.entries.push_back(seal::make_entry(first + i, seal::KeyState::retire, first + i, test::secret_of(static_cast<std::uint8_t>(first + i))));
    return ring;
  };
  auto one = past(11, 6), two = past(1, 7);
  one.entries.push_back(seal::make_entry(20, seal::KeyState::accept, 20, test::secret_of(20)));
  one.entries.push_back(seal::make_entry(21, seal::KeyState::active, 21, test::secret_of(21)));
  two.entries.push_back(seal::make_entry(20, seal::KeyState::active, 20, test::secret_of(20)));
  bus.files[1] = seal::keyring_text(one);
  bus.files[2] = seal::keyring_text(two);
  for (auto n : {1U, 2U}) bus.boot(n);
  bus.form({1, 2});
  while (bus.step()) REQUIRE(bus.all_hear());
  for (auto n : {1U, 2U}) CHECK(bus.nodes.at(n).rotation->status().state == "settled");
  CHECK(bus.file(2) == "2- 3- 4- 5- 6- 7- 20 21*");
}

TEST_CASE("rotation: where all keys together are too many, the refusals name a way out, and it is one", "[keys]") {
  Bus bus(2);
  const auto ring_with = [](std::uint8_t first, std::uint8_t count) {
    auto ring = test::ring_of(10);  // made at 1000, so it is the newest
    for (std::uint8_t i = 0; i < count; ++i)
      ring.entries.push_back(seal::make_entry(first + i, seal::KeyState::accept, first + i, test::secret_of(static_cast<std::uint8_t>(first + i))));
    ring.sort();
    return ring;
  };
  bus.files[1] = seal::keyring_text(ring_with(100, 7));
  bus.files[2] = seal::keyring_text(ring_with(200, 1));
  for (auto n : {1U, 2U}) bus.boot(n);
  bus.form({1, 2});
  while (bus.step()) REQUIRE(bus.all_hear());
  CHECK(bus.said("8 keys are in use here already"));
  bus.retire(1, 100, true);
  CHECK(refused(bus, "copy the key file of one node to those that differ"));
  bus.kill(2);
  bus.files[2] = bus.files[1];
  bus.boot(2);
  bus.form({1, 2});
  while (bus.step()) REQUIRE(bus.all_hear());
  bus.retire(1, 100);
  bus.run();
  CHECK(last(bus));
  for (auto n : {1U, 2U}) CHECK(bus.text(n) == "100- 101 102 103 104 105 106 10*");
}
