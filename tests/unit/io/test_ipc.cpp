// The vocabulary of the membership socket: every message survives the way to bytes and back, and no bytes break it.
#include <catch2/catch.hpp>
#include <functional>

#include "common/base/rng.hpp"
#include "common/ipc/membership.hpp"

using namespace relevo;
using namespace relevo::ipc;

namespace {

const RingId ring{NodeId(1), 0x1a1fe9ab838};

Welcome welcome() {
  return {NodeId(2), 7, "cl\xc3\xbaster", {{NodeId(1), "a", {"10.0.0.1", "10.1.0.1"}, 1}, {NodeId(2), "", {}, 0}}};
}
Configuration configuration() { return {Configuration::Kind::transitional, ring, {NodeId(1), NodeId(4'000'000'000)}}; }
QuorumView quorum_view() {
  return {true, 3, 4, 2, 2, false, true, false, true, false, true, true, false, true, false, 2, ring, {NodeId(1), NodeId(3)}, {1, 2}, "because"};
}
GroupView group_view() {
  return {"g", ring, {{NodeId(1), 2}, {NodeId(2), 1}}, {{NodeId(2), 1}}, {{{NodeId(3), 9}, 4}, {{NodeId(4), 1}, 0}}, 2, {4711, 4'000'000'001}};
}

/// One message of each kind, and whether its decoder takes given bytes.
struct Case {
  std::string name;
  Bytes bytes;
  std::function<bool(BytesView)> taken;
};

std::vector<Case> cases() {
  static const Bytes payload = to_bytes("payload");
  return {
      {"join", encode(GroupRequest{"group"}), [](BytesView b) { return decode_group_request(b).has_value(); }},
      {"multicast", encode(MulticastRequest{"g", true, 9, payload}), [](BytesView b) { return decode_multicast_request(b).has_value(); }},
      {"report", encode(NumberedRequest{4, "status"}), [](BytesView b) { return decode_numbered_request(b).has_value(); }},
      {"welcome", encode(welcome()), [](BytesView b) { return decode_welcome(b).has_value(); }},
      {"configuration", encode(configuration()), [](BytesView b) { return decode_configuration(b).has_value(); }},
      {"quorum", encode(quorum_view()), [](BytesView b) { return decode_quorum_view(b).has_value(); }},
      {"group view", encode(group_view()), [](BytesView b) { return decode_group_view(b).has_value(); }},
      {"group message", encode(GroupMessage{"g", {NodeId(1), 2}, false, payload}), [](BytesView b) { return decode_group_message(b).has_value(); }},
      {"rejected", encode(Rejected{"g", 5, Error{"full", ErrorKind::try_again}}), [](BytesView b) { return decode_rejected(b).has_value(); }},
      {"goodbye", encode(Goodbye{"it was stopped"}), [](BytesView b) { return decode_goodbye(b).has_value(); }},
      {"answer", encode(Answer{1, std::string("{}")}), [](BytesView b) { return decode_answer(b).has_value(); }},
      {"error answer", encode(Answer{1, fail(ErrorKind::invalid, "no")}), [](BytesView b) { return decode_answer(b).has_value(); }},
  };
}

}  // namespace

TEST_CASE("ipc: every message comes back as it was", "[ipc]") {
  CHECK(decode_group_request(encode(GroupRequest{"group"})).value() == GroupRequest{"group"});
  CHECK(decode_numbered_request(encode(NumberedRequest{4, "status"})).value() == NumberedRequest{4, "status"});
  CHECK(decode_welcome(encode(welcome())).value() == welcome());
  CHECK(decode_configuration(encode(configuration())).value() == configuration());
  CHECK(decode_quorum_view(encode(quorum_view())).value() == quorum_view());
  CHECK(decode_group_view(encode(group_view())).value() == group_view());
}

TEST_CASE("ipc: payloads, errors and answers come back as they were", "[ipc]") {
  const Bytes payload{0, 255, 7};
  const auto m_bytes = encode(MulticastRequest{"g", true, 1ULL << 60, payload});
  const auto m = decode_multicast_request(m_bytes).value();
  CHECK(m.group == "g");
  CHECK(m.safe);
  CHECK(m.tag == 1ULL << 60);
  CHECK(Bytes(m.payload.begin(), m.payload.end()) == payload);
  const auto g_bytes = encode(GroupMessage{"g", {NodeId(8), 3}, true, payload});
  const auto g = decode_group_message(g_bytes).value();
  CHECK(g.from == GroupMember{NodeId(8), 3});
  CHECK(g.safe);
  CHECK(Bytes(g.payload.begin(), g.payload.end()) == payload);
  const auto r = decode_rejected(encode(Rejected{"g", 5, Error{"full", ErrorKind::try_again}})).value();
  CHECK(r.tag == 5);
  CHECK(r.error.kind == ErrorKind::try_again);
  CHECK(r.error.message == "full");
  CHECK(decode_answer(encode(Answer{1, std::string("{}")})).value().text.value() == "{}");
  const auto refused = decode_answer(encode(Answer{2, fail(ErrorKind::invalid, "no")})).value();
  CHECK(refused.number == 2);
  CHECK(refused.text.error().kind == ErrorKind::invalid);
}

TEST_CASE("ipc: a message that is cut short or too long is refused, wherever it is cut", "[ipc]") {
  for (const auto& c : cases()) {
    INFO(c.name);
    CHECK(c.taken(c.bytes));
    for (std::size_t n = 0; n < c.bytes.size(); ++n) CHECK_FALSE(c.taken(BytesView(c.bytes).first(n)));
    auto longer = c.bytes;
    longer.push_back(0);
    CHECK_FALSE(c.taken(longer));
  }
}

TEST_CASE("ipc: damaged and random bytes never break a decoder", "[ipc]") {
  Rng rng(4711);
  std::size_t refused = 0;
  for (const auto& c : cases()) {
    for (int i = 0; i < 3000; ++i) {
      auto bytes = c.bytes;
      for (auto n = 1 + rng.below(4); n > 0; --n) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
      refused += c.taken(bytes) ? 0U : 1U;
      Bytes noise(rng.below(80));
      for (auto& b : noise) b = static_cast<std::uint8_t>(rng.next() >> 9);
      refused += c.taken(noise) ? 0U : 1U;
    }
  }
  CHECK(refused > 10'000);
}

TEST_CASE("ipc: a count that the bytes cannot hold is refused without allocating for it", "[ipc]") {
  Writer w;
  w.boolean(true);
  w.u32(1);
  w.u64(4);
  w.u32(0xffffffff);  // four billion members
  CHECK_FALSE(decode_configuration(w.view()).has_value());
}

TEST_CASE("ipc: another protocol version is told apart from garbage", "[ipc]") {
  auto bytes = encode(welcome());
  bytes[0] = 99;
  const auto result = decode_welcome(bytes);
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::unsupported);
  CHECK(result.error().message.find("protocol 99") != std::string::npos);
}

TEST_CASE("ipc: names and payloads beyond their limits are refused", "[ipc]") {
  CHECK(decode_group_request(encode(GroupRequest{std::string(128, 'g')})).has_value());
  CHECK_FALSE(decode_group_request(encode(GroupRequest{std::string(129, 'g')})).has_value());
  const Bytes large(max_multicast + 1);
  CHECK(decode_multicast_request(encode(MulticastRequest{"g", false, 1, BytesView(large).first(max_multicast)})).has_value());
  CHECK_FALSE(decode_multicast_request(encode(MulticastRequest{"g", false, 1, large})).has_value());
}

TEST_CASE("ipc: a group view whose process ids are not as many as its members is refused", "[ipc]") {
  auto view = group_view();
  view.pids.pop_back();
  CHECK_FALSE(decode_group_view(encode(view)));
  view = group_view();
  view.join_reason = 5;
  CHECK_FALSE(decode_group_view(encode(view)));
  CHECK(decode_goodbye(encode(Goodbye{"it was stopped"})).value() == Goodbye{"it was stopped"});
}
