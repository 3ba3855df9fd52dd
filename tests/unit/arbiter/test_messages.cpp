// Codec, proofs, tokens and records: what is wrong, altered or foreign counts for nothing.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/arbiter/court.hpp"
#include "membership/arbiter/proof.hpp"

using namespace relevo;
using namespace relevo::arbiter;

namespace {
Hello hello() { return {1, "rack-7", NodeId{3}, Incarnation{99}, {Algorithm::lms, {TieBreaker::Kind::node, NodeId{2}}}, {}}; }
}  // namespace

TEST_CASE("arbiter: every message round-trips, and no proper prefix of one is a message", "[arbiter]") {
  const Report report{{NodeId{1}, 8}, {NodeId{1}, NodeId{2}}, {NodeId{1}, NodeId{2}, NodeId{3}}, true, true};
  for (const Message& m : std::vector<Message>{hello(), Welcome{1, 1s, {}}, Refused{"no"}, report, Vote{4, {NodeId{1}, 8}, true},
                                               VoteTaken{4}, Ping{5}, Pong{5}}) {
    const auto bytes = encode(m);
    REQUIRE(decode(bytes) == m);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode(BytesView(bytes).first(n)));
  }
}

TEST_CASE("arbiter: noise never decodes to what encodes to something else", "[arbiter]") {
  Rng rng(7);
  const auto base = encode(Report{{NodeId{1}, 8}, {NodeId{1}, NodeId{2}}, {NodeId{1}, NodeId{2}}, true, false});
  for (int i = 0; i < 20000; ++i) {
    auto bytes = base;
    for (auto n = rng.below(4) + 1; n > 0; --n) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
    if (const auto m = decode(bytes)) CHECK(encode(*m) == bytes);
  }
}

TEST_CASE("arbiter: names of clusters cannot leave their folder", "[arbiter]") {
  CHECK(is_cluster_name("rack-7.example_1"));
  for (const char* bad : {"", ".", "..", ".x", "a/b", "a b", "a\n"}) CHECK_FALSE(is_cluster_name(bad));
  CHECK_FALSE(is_cluster_name(std::string(65, 'a')));
}

TEST_CASE("arbiter: a proof holds for one token, one connection, one side and one hello", "[arbiter]") {
  Token token{1, 2, 3};
  Binding binding{4, 5, 6};
  const auto good = prove(token, binding, Side::node, hello());
  auto with_proof = hello();
  with_proof.proof = good;
  CHECK(is_equal(good, prove(token, binding, Side::node, with_proof)));
  auto other_token = token;
  other_token[31] ^= 1;
  auto other_binding = binding;
  other_binding[0] ^= 1;
  auto other_hello = hello();
  other_hello.node = NodeId{4};
  CHECK_FALSE(is_equal(good, prove(other_token, binding, Side::node, hello())));
  CHECK_FALSE(is_equal(good, prove(token, other_binding, Side::node, hello())));
  CHECK_FALSE(is_equal(good, prove(token, binding, Side::arbiter, hello())));
  CHECK_FALSE(is_equal(good, prove(token, binding, Side::node, other_hello)));
}

TEST_CASE("arbiter: a token is 64 hexadecimal digits, and an error does not repeat it", "[arbiter]") {
  Token token{};
  token[0] = 0xab;
  CHECK(*parse_token(to_text(token), "f") == token);
  const auto wrong = parse_token("secretsecret", "f");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find("secret") == std::string::npos);
}

TEST_CASE("arbiter: a torn or altered record is no record", "[arbiter]") {
  const Record record{7, 1s, Granted{{NodeId{1}, 12}, {NodeId{1}, NodeId{2}}}};
  const auto bytes = encode(record);
  REQUIRE(decode_record(bytes) == record);
  CHECK(decode_record(encode(Record{})) == Record{});
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_FALSE(decode_record(BytesView(bytes).first(n)));
    auto altered = bytes;
    altered[n] ^= 0x10;
    CHECK_FALSE(decode_record(altered));
  }
}
