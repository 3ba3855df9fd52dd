// Packing, cutting and putting together: what goes into the queue comes out of the assembler.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/totem/assembler.hpp"
#include "membership/totem/send_queue.hpp"
#include "membership/wire/codec.hpp"

using namespace relevo;
using namespace relevo::totem;
using groups::Guarantee;

namespace {

wire::Pieces pieces_of(const FrameContent& content) { return {content.image, wire::fresh_mcast_header, content.pieces}; }

Bytes noise(Rng& rng, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
  return bytes;
}

}  // namespace

TEST_CASE("send queue: any messages come out of the assembler as they went in", "[totem]") {
  Rng rng(3);
  for (int run = 0; run < 50; ++run) {
    SendQueue queue(1 << 22, 1000);
    std::vector<std::pair<Bytes, Guarantee>> sent;
    for (int i = 0; i < 40; ++i) {
      const auto size = rng.chance(1, 5) ? rng.below(9000) : rng.below(300);
      sent.emplace_back(noise(rng, size), rng.chance(1, 3) ? Guarantee::safe : Guarantee::agreed);
      REQUIRE(queue.push(Bytes(sent.back().first), sent.back().second));
    }
    Assembler assembler;
    std::vector<std::pair<Bytes, Guarantee>> received;
    while (!queue.empty()) {
      const auto size = wire::min_frame + rng.below(3000);
      auto content = queue.next_frame(size);
      const auto guarantee = content.safe ? Guarantee::safe : Guarantee::agreed;
      for (const auto piece : pieces_of(content))
        if (auto whole = assembler.add(NodeId(1), piece)) received.emplace_back(*whole, guarantee);
      const wire::Mcast frame{{NodeId(1), 4}, MessageSeq(1), NodeId(1), content.safe,
                              wire::Origin{{NodeId(1), 4}, MessageSeq(1), NodeId(1)}, pieces_of(content)};
      REQUIRE(wire::encode(frame).size() <= size);
      REQUIRE(wire::decode(wire::encode(frame)));
    }
    REQUIRE(received == sent);
    REQUIRE(queue.bytes() == 0);
    REQUIRE(queue.to_send() == 0);
  }
}

TEST_CASE("send queue: small messages share a frame", "[totem]") {
  SendQueue queue(1 << 20, 1000);
  for (int i = 0; i < 10; ++i) REQUIRE(queue.push(Bytes(100, 1), Guarantee::agreed));
  CHECK(queue.to_send() == 10 * (100 + wire::piece_header));
  CHECK(queue.next_frame(wire::usual_frame).pieces == 10);
  CHECK(queue.empty());
}

TEST_CASE("send queue: what does not fit is refused whole, but an empty queue takes any message", "[totem]") {
  SendQueue queue(1000, 3);
  CHECK(queue.push(Bytes(5000, 1), Guarantee::agreed));
  CHECK_FALSE(queue.push(Bytes(1, 1), Guarantee::agreed));
  while (!queue.empty()) (void)queue.next_frame(wire::usual_frame);
  for (int i = 0; i < 3; ++i) CHECK(queue.push({}, Guarantee::agreed));
  CHECK_FALSE(queue.push({}, Guarantee::agreed));
}

TEST_CASE("send queue: after a rewind the message begins anew", "[totem]") {
  SendQueue queue(1 << 20, 10);
  Rng rng(1);
  const auto message = noise(rng, 4000);
  REQUIRE(queue.push(Bytes(message), Guarantee::safe));
  (void)queue.next_frame(wire::usual_frame);
  queue.rewind();
  Assembler assembler;
  std::optional<Bytes> whole;
  while (!queue.empty())
    for (const auto piece : pieces_of(queue.next_frame(wire::usual_frame))) whole = assembler.add(NodeId(2), piece);
  CHECK(whole == message);
}

TEST_CASE("send queue: a frame may be as large as the links carry", "[totem]") {
  SendQueue queue(1 << 22, 1000);
  REQUIRE(queue.push(Bytes(200000, 7), Guarantee::agreed));
  std::size_t frames = 0;
  while (!queue.empty()) {
    const auto content = queue.next_frame(wire::max_frame);
    CHECK(content.image->size() + wire::mcast_header - wire::fresh_mcast_header <= wire::max_frame);
    ++frames;
  }
  CHECK(frames == 4);
}

TEST_CASE("send queue: a refused payload is left as it was", "[totem]") {
  SendQueue queue(1000, 1);
  REQUIRE(queue.push({1}, Guarantee::agreed));
  Bytes second{1, 2, 3};
  CHECK_FALSE(queue.push(std::move(second), Guarantee::agreed));
  CHECK(second == Bytes{1, 2, 3});  // NOLINT: that it was not moved from is the point
}

TEST_CASE("assembler: pieces without a beginning, and messages that grow without end, are dropped", "[totem]") {
  Assembler assembler;
  const Bytes one{1};
  const Bytes many(1000, 1);
  CHECK_FALSE(assembler.add(NodeId(1), {false, true, one}));
  CHECK_FALSE(assembler.add(NodeId(1), {false, false, one}));
  CHECK(assembler.open() == 0);
  CHECK_FALSE(assembler.add(NodeId(1), {true, false, many}));
  for (int i = 0; i < 1100; ++i) CHECK_FALSE(assembler.add(NodeId(1), {false, false, many}));
  CHECK(assembler.open() == 0);
}
