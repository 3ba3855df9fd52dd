// The group's messages as bytes and back, and long ones in pieces.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "resmgr/controller/messages.hpp"
#include "resmgr/controller/packets.hpp"

using namespace relevo;
using namespace relevo::controller;

namespace {

executor::OperationResult some_result() {
  executor::OperationResult result;
  result.operation.resource = "VIP";
  result.operation.klass = "ocf";
  result.operation.provider = "heartbeat";
  result.operation.type = "IPaddr2";
  result.operation.task = "monitor";
  result.operation.interval = std::chrono::milliseconds(10000);
  result.operation.parameters = {{"ip", "172.31.0.100"}};
  result.call_id = 7;
  result.rc = 0;
  result.status = executor::OpStatus::done;
  return result;
}

std::vector<Message> samples() {
  Hello hello;
  hello.name = "nodo1";
  hello.instance = 99;
  hello.lineage = 12;
  hello.version = {1, 2, 3};
  hello.shutting_down = true;
  hello.history = {some_result(), some_result()};
  Image image;
  image.cib = "<cib/>";
  image.lineage = 5;
  image.established = true;
  image.seniority = {{NodeId(1), 4}, {NodeId(2), 1}};
  image.names = {{NodeId(1), "nodo1"}, {NodeId(2), "nodo2"}};
  image.orphaned = {NodeId(3)};
  image.commands = {{NodeId(2), {77, 3}}};
  cib::Change change;
  change.operations.push_back({cib::Verb::create, "resources", "<primitive/>", false, false, false});
  change.user = "root";
  std::vector<Message> all{hello,
                           image,
                           GiveUp{{{NodeId(1), 1}}, {{NodeId(2), 2}}},
                           OnDisk{{0, 5, 0}, "abc"},
                           OpRequest{"nodo2", {1700000000}, some_result().operation},
                           OpResult{"nodo2", some_result()},
                           NodeShutdown{NodeId(3), {1700000001}},
                           Idle{42},
                           NodeLost{NodeId(2)},
                           Resync{}};
  all.emplace_back(Command{9, 1, change});
  all.emplace_back(Command{9, 2, CleanupRequest{"VIP", "nodo1", true}});
  all.emplace_back(Command{9, 3, AttributeRequest{"nodo1", "color", "red"}});
  all.emplace_back(Command{9, 4, AttributeRequest{"nodo1", "color", std::nullopt}});
  return all;
}

}  // namespace

TEST_CASE("messages: each comes back as it was sent", "[controller]") {
  for (const auto& message : samples()) {
    const auto bytes = encode(message);
    const auto back = decode(bytes);
    REQUIRE(back.has_value());
    CHECK(back->index() == message.index());
    CHECK(encode(*back) == bytes);
  }
}

TEST_CASE("messages: an absent attribute value is not an empty one", "[controller]") {
  const auto back = decode(encode(Command{9, 4, AttributeRequest{"n", "a", std::nullopt}}));
  REQUIRE(back.has_value());
  CHECK_FALSE(std::get<AttributeRequest>(std::get<Command>(*back).what).value.has_value());
}

TEST_CASE("messages: a shortened or lengthened message is an error", "[controller]") {
  for (const auto& message : samples()) {
    const auto bytes = encode(message);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode(BytesView(bytes).first(n)).has_value());
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(decode(longer).has_value());
  }
}

TEST_CASE("messages: any bytes give a message or an error", "[controller]") {
  Rng rng(1);
  const auto all = samples();
  for (int i = 0; i < 20000; ++i) {
    auto bytes = encode(all[rng.below(all.size())]);
    for (auto n = 1 + rng.below(4); n > 0; --n) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
    const auto message = decode(bytes);
    if (message) CHECK_FALSE(encode(*message).empty());
  }
}

TEST_CASE("pieces: a long message is split and joined, also when senders take turns", "[controller]") {
  Bytes a(1000, 1);
  Bytes b(777, 2);
  const auto pieces_a = to_pieces(a, 100);
  const auto pieces_b = to_pieces(b, 100);
  REQUIRE(pieces_a.size() == 10);
  Assembler assembler;
  const groups::Member one{NodeId(1), 1};
  const groups::Member two{NodeId(2), 1};
  std::optional<Bytes> got_a, got_b;
  for (std::size_t i = 0; i < pieces_a.size(); ++i) {
    if (auto whole = assembler.take(one, pieces_a[i])) got_a = std::move(whole);
    if (i < pieces_b.size())
      if (auto whole = assembler.take(two, pieces_b[i])) got_b = std::move(whole);
  }
  CHECK(got_a == a);
  CHECK(got_b == b);
}

TEST_CASE("pieces: a message whose beginning was not seen is dropped", "[controller]") {
  const auto pieces = to_pieces(Bytes(300, 7), 100);
  Assembler assembler;
  const groups::Member one{NodeId(1), 1};
  CHECK_FALSE(assembler.take(one, pieces[1]).has_value());
  CHECK_FALSE(assembler.take(one, pieces[2]).has_value());
  CHECK(assembler.take(one, to_pieces(Bytes(3, 7))[0]) == Bytes(3, 7));
  CHECK_FALSE(assembler.take(one, {}).has_value());
}
