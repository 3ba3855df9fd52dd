// The codec: every packet comes back as it went, and nothing that breaks a rule gets in.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/wire/codec.hpp"

using namespace relevo;
using namespace relevo::wire;

namespace {

const RingId ring{NodeId(1), 0x1234};

std::vector<NodeId> first_nodes(std::uint32_t count) {
  std::vector<NodeId> nodes;
  for (std::uint32_t i = 1; i <= count; ++i) nodes.emplace_back(i);
  return nodes;
}

Token token() { return {ring, 77, MessageSeq(20), MessageSeq(18), NodeId(3), 4, 5600, 9, Phase::confirm, true, {MessageSeq(19), MessageSeq(20)}}; }
Mcast mcast() { return {ring, MessageSeq(5), NodeId(2), true, std::nullopt, {{true, true, {1, 2, 3}}, {true, false, {}}}}; }
Mcast recovered() {
  auto frame = mcast();
  frame.origin = Origin{{NodeId(9), 3}, MessageSeq(8), NodeId(9)};
  return frame;
}
CommitToken commit(std::uint32_t members) {
  CommitToken p{ring, 1, {}};
  for (const auto node : first_nodes(members))
    p.members.push_back({node, ring, MessageSeq(8), MessageSeq(9), MessageSeq(7), 0x8000000000000001ULL});
  return p;
}
std::vector<Packet> one_of_each() {
  return {token(), mcast(), recovered(), MergeDetect{ring, first_nodes(3), first_nodes(2), true},
          Join{7, ring, first_nodes(3), {}, false, 3, true, first_nodes(2)}, Join{7, {}, {}, {}, true}, commit(3), HoldCancel{ring}};
}
std::string refusal(const Packet& packet) {
  const auto decoded = decode(encode(packet));
  return decoded ? "accepted" : decoded.error().message;
}

}  // namespace

TEST_CASE("codec: every type of packet comes back as it went", "[wire]") {
  for (const auto& packet : one_of_each()) {
    INFO(type_name(packet));
    const auto decoded = decode(encode(packet));
    REQUIRE(decoded);
    CHECK(*decoded == packet);
  }
}

TEST_CASE("codec: a packet that is cut anywhere, or longer by a byte, is refused", "[wire]") {
  for (const auto& packet : one_of_each()) {
    const auto bytes = encode(packet);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode(BytesView(bytes).first(n)));
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(decode(longer));
  }
}

TEST_CASE("codec: the largest packets keep the limits", "[wire]") {
  Token full = token();
  full.seq = MessageSeq(1000);
  full.missing.clear();
  for (std::uint64_t i = 1; i <= max_missing; ++i) full.missing.emplace_back(i);
  CHECK(encode(full).size() <= usual_frame);
  CHECK(encode(Join{1, ring, first_nodes(max_nodes), first_nodes(max_nodes), false, 1, true, first_nodes(max_nodes)}).size() <= usual_frame);
  CHECK(encode(commit(max_nodes)).size() <= max_packet);
  CHECK(decode(encode(commit(max_nodes))));
  Mcast frame = recovered();
  frame.pieces = {{true, true, Bytes(max_frame - mcast_header - piece_header, 7)}};
  CHECK(encode(frame).size() == max_frame);
  CHECK(decode(encode(frame)));
  frame.pieces = {{true, true, Bytes(max_frame - mcast_header - piece_header + 1, 7)}};
  CHECK_FALSE(decode(encode(frame)));
}

TEST_CASE("codec: what is against a rule is refused with its name", "[wire]") {
  CHECK(refusal(HoldCancel{}) == "hold_cancel: no ring");
  CHECK(refusal(HoldCancel{{NodeId(1), max_ring_seq + 1}}) == "hold_cancel: ring number out of range");
  CHECK(refusal(Join{1, ring, {NodeId(2), NodeId(1)}, {}, false}) == "join: nodes not sorted");
  CHECK(refusal(Join{1, ring, {NodeId(2), NodeId(2)}, {}, false}) == "join: nodes not sorted");
  CHECK(refusal(Join{1, ring, {NodeId(0)}, {}, false}) == "join: node 0");
  CHECK(refusal(Join{1, ring, first_nodes(max_nodes + 1), {}, false}) == "join: too many nodes");
  CHECK(refusal(Join{1, {NodeId(1), 0}, {}, {}, false}) == "join: half a ring id");
  CHECK(refusal(Join{max_ring_seq + 1, ring, {}, {}, false}) == "join: ring number out of range");
  CHECK(refusal(MergeDetect{ring, {}, {}, false}) == "merge_detect: no members");
  auto t = token();
  t.aru = MessageSeq(21);
  CHECK(refusal(t) == "token: aru above seq");
  t = token();
  t.missing = {MessageSeq(21)};
  CHECK(refusal(t) == "token: request out of range");
  auto m = mcast();
  m.pieces.clear();
  CHECK(refusal(m) == "mcast: no pieces");
  m = mcast();
  m.seq = {};
  CHECK(refusal(m) == "mcast: message 0");
  auto c = commit(3);
  c.hop = 7;
  CHECK(refusal(c) == "commit_token: hop out of range");
  c = commit(3);
  c.members[1].aru = MessageSeq(10);
  CHECK(refusal(c) == "commit_token: positions out of order");
  auto flags = encode(mcast());
  flags[fresh_mcast_header] = 4;
  const auto unknown_flags = decode(flags);
  REQUIRE_FALSE(unknown_flags);
  CHECK(unknown_flags.error().message == "mcast: bad pieces");
  c = commit(3);
  c.ring.rep = NodeId(2);
  CHECK(refusal(c) == "commit_token: representative is not the first member");
}

TEST_CASE("codec: a count that the bytes cannot hold is refused before memory is taken", "[wire]") {
  auto bytes = encode(mcast());
  const std::size_t pieces_at = 1 + 12 + 8 + 4 + 1 + 1;
  bytes[pieces_at] = 0xff;
  bytes[pieces_at + 1] = 0xff;
  CHECK_FALSE(decode(bytes));
  CHECK_FALSE(decode(Bytes(max_packet + 1, 2)));
}

TEST_CASE("codec: a frame that was received is sent again from the same buffer, under another number from a new one", "[wire]") {
  auto decoded = decode(encode(mcast()));
  REQUIRE(decoded);
  auto frame = std::get<Mcast>(*decoded);
  CHECK(image(*decoded) == frame.pieces.buffer());
  CHECK(*image(*decoded) == encode(mcast()));
  frame.seq = MessageSeq(6);
  CHECK(image(frame) != frame.pieces.buffer());
  CHECK(*image(frame) == encode(frame));
}

TEST_CASE("codec: a fresh header makes a whole packet of the pieces behind it", "[wire]") {
  auto bytes = std::make_shared<Bytes>(fresh_mcast_header);
  append_piece(*bytes, true, false, Bytes{4, 5});
  append_piece(*bytes, false, true, Bytes{});
  put_fresh_header(*bytes, ring, MessageSeq(9), NodeId(2), true, 2);
  const auto decoded = decode(*bytes);
  REQUIRE(decoded);
  CHECK(std::get<Mcast>(*decoded) == Mcast{ring, MessageSeq(9), NodeId(2), true, std::nullopt, {{true, false, {4, 5}}, {false, true, {}}}});
}

TEST_CASE("codec: changed bytes are refused or mean exactly what they say", "[wire]") {
  Rng rng(42);
  for (const auto& packet : one_of_each()) {
    for (int i = 0; i < 3000; ++i) {
      auto bytes = encode(packet);
      const auto changes = 1 + rng.below(3);
      for (std::uint64_t k = 0; k < changes; ++k) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
      const auto decoded = decode(bytes);
      if (decoded) CHECK(encode(*decoded) == bytes);
    }
  }
}
