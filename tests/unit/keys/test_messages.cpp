// The codec: what was encoded comes back, everything else is nothing.
#include <catch2/catch.hpp>

#include "tests/unit/keys/bus.hpp"

using namespace relevo;

namespace {
std::vector<keys::Message> examples() {
  const keys::Round round{{NodeId{3}, 77}, 2};
  const keys::Meta meta{9, keys::KeyState::active, 123456, {1, 2, 3}};
  return {keys::Begin{round},
          keys::Have{round, {7, 8}, false, {meta, {4, keys::KeyState::retire, 0, {9}}}},
          keys::Give{round, meta, true, {{NodeId{1}, Bytes(80, 1)}, {NodeId{2}, Bytes(80, 2)}}},
          keys::Held{round, {4}},
          keys::Failed{round, "disk full"},
          keys::Settle{round, {1}, {{2}, {3}}},
          keys::Done{round, true},
          keys::Retire{round, {{5}}, true}};
}
}  // namespace

TEST_CASE("key messages: each comes back as it was, cut short it is nothing", "[keys]") {
  for (const auto& m : examples()) {
    const auto bytes = keys::encode(m);
    const auto back = keys::decode(bytes);
    REQUIRE(back);
    CHECK(back->index() == m.index());
    CHECK(keys::encode(*back) == bytes);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(keys::decode(BytesView(bytes).first(n)));
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(keys::decode(longer));
  }
}

TEST_CASE("key messages: more keys than a ring holds can be named, and of too many the first", "[keys]") {
  for (const auto& [named, arrive] : {std::pair{9, 9U}, {255, 255U}, {300, 255U}}) {
    keys::Settle settle{{{NodeId{3}, 77}, 2}, {1}, {}};
    for (int i = 0; i < named; ++i) settle.retired.insert({static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i)});
    const auto back = keys::decode(keys::encode(settle));
    REQUIRE(back);
    const auto& all = std::get<keys::Settle>(*back).retired;
    CHECK(all.size() == arrive);
    CHECK(std::includes(settle.retired.begin(), settle.retired.end(), all.begin(), all.end()));
  }
}

TEST_CASE("key messages: changed bytes are decoded to something that encodes, or to nothing", "[keys]") {
  Rng rng(3);
  for (const auto& m : examples()) {
    const auto good = keys::encode(m);
    for (int i = 0; i < 3000; ++i) {
      auto bytes = good;
      for (std::uint64_t k = 0; k <= rng.below(3); ++k) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
      if (const auto back = keys::decode(bytes)) REQUIRE(keys::decode(keys::encode(*back)));
    }
  }
}

TEST_CASE("key messages: changed ones do no harm to a rotation", "[keys]") {
  test::Bus bus(3);
  bus.form({1, 2, 3});
  bus.run();
  bus.rotate(1);
  bus.run();
  Rng rng(5);
  const auto tape = bus.tape;
  for (int i = 0; i < 20000; ++i) {
    auto bytes = tape[rng.below(tape.size())];
    if (rng.chance(9, 10)) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
    (void)bus.nodes.at(2).rotation->control(NodeId{static_cast<std::uint32_t>(1 + rng.below(3))}, bytes, bus.now);
    REQUIRE(bus.nodes.at(2).rotation->ring().active() != nullptr);
  }
}
