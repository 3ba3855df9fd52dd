// Uniting and settling rings, as plain functions.
#include <catch2/catch.hpp>

#include "tests/unit/keys/bus.hpp"

using namespace relevo;
using keys::KeyState;
using keys::Meta;

namespace {
Meta meta(std::uint8_t id, KeyState state) { return {id, state, 1000 + id, {id}}; }
keys::Have have(std::vector<Meta> list) { return {{}, {}, true, std::move(list)}; }
}  // namespace

TEST_CASE("rules: retired anywhere is retired, active is the newest that anyone seals with", "[keys]") {
  const auto all = keys::unite({{NodeId{1}, have({meta(1, KeyState::retire), meta(2, KeyState::active)})},
                                {NodeId{2}, have({meta(1, KeyState::active), meta(2, KeyState::accept), meta(3, KeyState::accept)})}});
  CHECK(all.active == keys::Fingerprint{2});
  CHECK(all.retired == std::set<keys::Fingerprint>{{1}});
  CHECK(all.pending == keys::Fingerprint{3});
  CHECK(all.holders.count({1}) == 0);
}

TEST_CASE("rules: what all who know it have retired needs no word any more", "[keys]") {
  const auto all = keys::unite({{NodeId{1}, have({meta(1, KeyState::retire), meta(2, KeyState::active)})},
                                {NodeId{2}, have({meta(2, KeyState::active)})}});
  CHECK(all.retired.empty());
  CHECK(all.find({1})->state == KeyState::retire);
}

TEST_CASE("rules: who lacks a usable key is named, retired ones are not missed", "[keys]") {
  const std::map<NodeId, keys::Have> haves = {{NodeId{1}, have({meta(1, KeyState::retire), meta(2, KeyState::accept), meta(3, KeyState::active)})},
                                              {NodeId{2}, have({meta(3, KeyState::active)})}};
  const auto all = keys::unite(haves);
  CHECK(keys::lacking(all, haves) == std::set<std::pair<NodeId, keys::Fingerprint>>{{NodeId{2}, {2}}});
  CHECK_FALSE(keys::is_settled(all, haves));
}

TEST_CASE("rules: rings that are all retired elsewhere still unite without an active key", "[keys]") {
  const auto all = keys::unite({{NodeId{1}, have({meta(1, KeyState::retire)})}, {NodeId{2}, have({meta(1, KeyState::active)})}});
  CHECK(all.holders.empty());
  CHECK(all.active == keys::Fingerprint{});
}

TEST_CASE("rules: a full ring forgets its oldest retired key, and refuses when all are in use", "[keys]") {
  seal::Keyring ring;
  for (std::uint8_t i = 1; i <= 8; ++i)
    ring.entries.push_back(seal::make_entry(i, i == 8 ? KeyState::active : i <= 2 ? KeyState::retire : KeyState::accept, i, test::secret_of(i)));
  const auto add = [&](std::uint8_t id) {
    auto s = test::secret_of(id);
    const Meta m{id, KeyState::accept, id, seal::fingerprint_of(s)};
    return keys::add_accepted(ring, m, s);
  };
  CHECK(add(20));
  CHECK(ring.find(std::uint8_t{1}) == nullptr);
  CHECK(add(21));
  CHECK_FALSE(add(22));
  CHECK(ring.entries.size() == 8);
  CHECK(add(8));  // there already
}

TEST_CASE("rules: an id never comes twice among known keys", "[keys]") {
  keys::Union all;
  for (int i = 1; i <= 255; ++i) {
    const auto id = keys::next_id(all);
    REQUIRE(id != 0);
    REQUIRE(std::none_of(all.keys.begin(), all.keys.end(), [&](const auto& m) { return m.id == id; }));
    all.keys.push_back(meta(id, KeyState::accept));
  }
  CHECK(keys::next_id(all) == 0);
}

TEST_CASE("rules: nodes that make keys without knowing of each other give them different ids", "[keys]") {
  for (std::size_t sides = 2; sides <= 31; ++sides) {
    std::set<std::uint8_t> taken;
    for (std::size_t side = 0; side < sides; ++side) {
      keys::Union all;
      all.keys.push_back(meta(200, KeyState::retire));
      for (int i = 0; i < 6; ++i) {
        const auto id = keys::next_id(all, sides, side);
        REQUIRE(id != 0);
        REQUIRE(taken.insert(id).second);
        all.keys.push_back(meta(id, KeyState::accept));
      }
    }
  }
}

TEST_CASE("rules: settling never leaves a ring without an active key", "[keys]") {
  auto ring = test::ring_of(10);
  const auto active = ring.active()->fingerprint;
  CHECK_FALSE(keys::settle(ring, {99}, {active}));
  CHECK(ring.active() != nullptr);
  CHECK_FALSE(keys::settle(ring, active, {active}));
  CHECK(ring.active() != nullptr);
}

TEST_CASE("box: opens only with its pair, and not when a bit was changed", "[keys]") {
  test::SeededRandom random(1);
  const auto pair = keys::make_pair(random), other = keys::make_pair(random);
  const auto secret = test::secret_of(5);
  const auto box = keys::seal_for(pair.open, secret, random);
  REQUIRE(box);
  const auto opened = keys::open_box(*box, pair);
  REQUIRE(opened);
  CHECK(std::equal(opened->view().begin(), opened->view().end(), secret.view().begin()));
  CHECK_FALSE(keys::open_box(*box, other));
  for (std::size_t i = 0; i < box->size(); ++i) {
    auto bad = *box;
    bad[i] ^= 1;
    CHECK_FALSE(keys::open_box(bad, pair));
  }
  CHECK_FALSE(keys::open_box(BytesView(*box).first(48), pair));
  CHECK_FALSE(keys::seal_for(keys::PublicKey{}, secret, random));
}
