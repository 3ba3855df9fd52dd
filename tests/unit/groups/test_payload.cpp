// The bytes of the group messages: what was encoded decodes, and any bytes are safe.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/groups/payload.hpp"

using namespace relevo;
using namespace relevo::groups;

namespace {
const std::vector<Payload>& examples() {
  static const std::vector<Payload> all = {
      JoinList{{NodeId{3}, 77}, to_bytes("note"), {{"a", 1, 77}, {"b", 4000000000U, 4000000001U}}},
      JoinList{{NodeId{1}, 1}, {}, {}},
      Join{"group", 9, 4321},
      LeaveGroup{"group", 9, Reason::leave},
      LeaveGroup{std::string(128, 'g'), 9, Reason::process_down},
      ClientMessage{"group", 9, to_bytes("text")},
      ClientMessage{"g", 9, {}},
      Control{to_bytes("control")},
  };
  return all;
}
}  // namespace

TEST_CASE("payload: every kind decodes to what was encoded", "[groups]") {
  for (const auto& p : examples()) {
    const auto decoded = decode(encode(p));
    REQUIRE(decoded);
    CHECK(*decoded == p);
  }
}

TEST_CASE("payload: a client message grows by no more than it says", "[groups]") {
  const ClientMessage m{std::string(max_group_name, 'g'), 1, Bytes(1000)};
  CHECK(encode(m).size() == 1000 + payload_overhead);
}

TEST_CASE("payload: cut, extended or random bytes are nothing or something, never more", "[groups]") {
  Rng rng(3);
  for (const auto& p : examples()) {
    const auto good = encode(p);
    for (std::size_t n = 0; n < good.size(); ++n) (void)decode(BytesView(good).first(n));
    for (int i = 0; i < 500; ++i) {
      auto bad = good;
      bad[rng.below(bad.size())] = static_cast<std::uint8_t>(rng.next());
      (void)decode(bad);
    }
  }
  CHECK_FALSE(decode({}));
  CHECK_FALSE(decode(to_bytes("\x09whatever")));
  CHECK_FALSE(decode(encode(Join{std::string(129, 'g'), 1, 2})));
  auto longer = encode(Join{"g", 1, 2});
  longer.push_back(0);
  CHECK_FALSE(decode(longer));
  Bytes many = encode(JoinList{{NodeId{1}, 1}, {}, {}});
  many[many.size() - 1] = 0x7f;  // two thousand million entries in no bytes
  CHECK_FALSE(decode(many));
}
