// Bodies in parts: put together whatever the order, and memory that is bounded whatever the parts say.
#include <catch2/catch.hpp>

#include "membership/links/reassembly.hpp"
#include "tests/unit/links/net.hpp"

using namespace relevo;
using links::Part;
using links::Reassembly;
using Texts = std::vector<std::string>;

namespace {
constexpr NodeId n1{1}, n2{2};

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  return bytes;
}
Part part_of(const Bytes& body, std::uint64_t number, std::uint8_t index, std::uint8_t count) {
  const auto size = links::part_size(body.size(), count);
  const auto begin = index * size;
  return {number, static_cast<std::uint32_t>(body.size()), index, count,
          BytesView(body).subspan(begin, std::min(size, body.size() - begin))};
}
}  // namespace

TEST_CASE("fragments: parts make the body in any order, and a part that comes twice changes nothing", "[links]") {
  const auto body = pattern(1001);
  Reassembly store;
  for (const int index : {3, 0, 3, 2, 0}) CHECK_FALSE(store.take(n1, part_of(body, 9, static_cast<std::uint8_t>(index), 4)));
  const auto whole = store.take(n1, part_of(body, 9, 1, 4));
  REQUIRE(whole);
  CHECK(*whole == body);
  CHECK(store.unfinished() == 0);
}

TEST_CASE("fragments: what is decoded is what was encoded, and numbers that do not fit each other are refused", "[links]") {
  const auto body = pattern(1001);
  for (std::uint8_t i = 0; i < 4; ++i) {
    const auto bytes = encode(part_of(body, 9, i, 4));
    const auto part = links::decode_part(bytes);
    REQUIRE(part);
    CHECK(part->index == i);
    CHECK(std::equal(part->data.begin(), part->data.end(), body.begin() + i * 251));
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(links::decode_part(BytesView(bytes).first(n)));
  }
  const auto refused = [](std::uint32_t total, std::uint8_t index, std::uint8_t count, std::size_t data) {
    const Bytes bytes(data);
    return !links::decode_part(encode(Part{1, total, index, count, bytes}));
  };
  CHECK(refused(100, 0, 1, 100));      // one part is no fragment
  CHECK(refused(100, 0, 0, 0));
  CHECK(refused(100, 4, 4, 25));       // beyond the end
  CHECK(refused(65'001, 0, 65, 1001)); // larger than any body
  CHECK(refused(3, 0, 255, 1));        // later parts would be empty
  CHECK(refused(0, 0, 2, 0));
  CHECK(refused(100, 0, 4, 26));
}

TEST_CASE("fragments: a part that contradicts an earlier one of its body is dropped", "[links]") {
  const auto body = pattern(1000), other = pattern(900);
  Reassembly store;
  CHECK_FALSE(store.take(n1, part_of(body, 5, 0, 4)));
  CHECK_FALSE(store.take(n1, part_of(other, 5, 1, 4)));
  CHECK_FALSE(store.take(n1, part_of(body, 5, 1, 2)));
  for (std::uint8_t i = 1; i < 3; ++i) CHECK_FALSE(store.take(n1, part_of(body, 5, i, 4)));
  const auto whole = store.take(n1, part_of(body, 5, 3, 4));
  REQUIRE(whole);
  CHECK(*whole == body);
}

TEST_CASE("fragments: the same number of two senders are two bodies", "[links]") {
  const auto a = pattern(200), b = Bytes(200, 9);
  Reassembly store;
  CHECK_FALSE(store.take(n1, part_of(a, 1, 0, 2)));
  CHECK_FALSE(store.take(n2, part_of(b, 1, 1, 2)));
  CHECK(*store.take(n1, part_of(a, 1, 1, 2)) == a);
  CHECK(*store.take(n2, part_of(b, 1, 0, 2)) == b);
}

TEST_CASE("fragments: unfinished bodies never exceed 16 of a peer and 64 in all; the oldest gives way", "[links]") {
  const auto body = pattern(60'000);
  Reassembly store;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    CHECK_FALSE(store.take(n1, part_of(body, i, 0, 200)));
    CHECK(store.unfinished() <= Reassembly::max_of_peer);
  }
  CHECK(store.dropped() == 1000 - Reassembly::max_of_peer);
  for (std::uint32_t peer = 2; peer < 60; ++peer)
    for (std::uint64_t i = 1; i <= 20; ++i) (void)store.take(NodeId{peer}, part_of(body, i, 0, 200));
  CHECK(store.unfinished() == Reassembly::max_in_all);
  store.forget(NodeId{59});
  CHECK(store.unfinished() < Reassembly::max_in_all);
}

TEST_CASE("fragments: a flood of unfinished bodies of one peer costs another peer nothing", "[links]") {
  const auto body = pattern(5000);
  Reassembly store;
  CHECK_FALSE(store.take(n2, part_of(body, 1, 0, 2)));
  for (std::uint64_t i = 1; i <= 1000; ++i) (void)store.take(n1, part_of(body, i, 0, 2));
  CHECK(store.take(n2, part_of(body, 1, 1, 2)));
}

TEST_CASE("fragments: any body up to 65,000 bytes arrives over a narrow path, larger ones do not leave", "[links]") {
  test::Net net(2);
  net.base.mtu = 600;
  net.mtu = [](auto) { return std::size_t{600}; };
  net.start(1);
  net.start(2);
  net.run(100ms);
  for (const std::size_t size : {101U, 500U, 523U, 524U, 1018U, 1019U, 12'345U, 64'999U, 65'000U}) {
    const auto body = pattern(size);
    net.bodies.clear();
    net.send(net.node(1).send_all(body), 1);
    net.run(5ms);
    CHECK(net.bodies[2] == body);
    net.bodies.clear();
    net.send(net.node(1).send_to(NodeId{2}, body), 1);
    net.run(5ms);
    CHECK(net.bodies[2] == body);
  }
  CHECK(net.node(1).send_all(pattern(65'001)).empty());
  CHECK(net.node(1).send_to(NodeId{2}, pattern(70'000)).empty());
}

TEST_CASE("fragments: a lost part loses its body only, reordered parts nothing", "[links]") {
  test::Net net(2);
  net.base.mtu = 1000;
  Rng rng(5);
  net.start(1);
  net.start(2);
  net.run(100ms);
  net.jitter = [&rng] { return Duration{rng.between(0, 3'000'000)}; };
  net.events.clear();
  auto sends = net.node(1).send_all(pattern(5000));
  sends.erase(sends.begin() + 2);
  net.send(sends, 1);
  net.run(10ms);
  CHECK(net.texts(2).empty());
  net.send(net.node(1).send_all(pattern(5000)), 1);
  net.run(10ms);
  CHECK(net.texts(2) == Texts{"got 1 5000 bytes"});
}

TEST_CASE("fragments: over several links in round-robin and active mode a body comes once", "[links]") {
  for (const auto mode : {links::Mode::round_robin, links::Mode::active}) {
    test::Net net(2, 2);
    net.base.mode = mode;
    net.base.mtu = 1000;
    net.start(1);
    net.start(2);
    net.run(1s);
    net.events.clear();
    for (int i = 0; i < 20; ++i) net.send(net.node(1).send_all(pattern(5000)), 1);
    net.run(10ms);
    CHECK(net.texts(2).size() == 20);
  }
}

TEST_CASE("fragments: parts sent before a restart never meet parts sent after it", "[links]") {
  test::Net net(2);
  net.base.mtu = 1000;
  net.start(1);
  net.start(2);
  net.run(100ms);
  auto before = net.node(1).send_all(pattern(1500));
  REQUIRE(before.size() == 2);
  net.send({before[0]}, 1);
  net.run(5ms);
  net.start(1);
  net.run(200ms);
  net.events.clear();
  auto after = net.node(1).send_all(pattern(1500));
  net.send({after[1], before[1]}, 1);
  net.run(5ms);
  CHECK(net.texts(2).empty());
}
