// Changes as bytes.
#include "common/base/rng.hpp"
#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;

namespace {
Change example() {
  return sample::change({{Verb::create, "resources", sample::primitive, true, false, true}, {Verb::remove, "//x", "", false, true, false}});
}
}  // namespace

TEST_CASE("cib: a change travels whole", "[cib]") {
  const auto change = example();
  const auto read = decode_change(encode(change));
  REQUIRE(read);
  REQUIRE(read->operations.size() == 2);
  CHECK(read->operations[0].verb == Verb::create);
  CHECK(read->operations[0].xml == sample::primitive);
  CHECK(read->operations[0].all_matches);
  CHECK(read->operations[1].if_exists);
  CHECK(std::tie(read->origin, read->client, read->user) == std::tie(change.origin, change.client, change.user));
  CHECK(read->at == change.at);
  CHECK(encode(*read) == encode(change));
}

TEST_CASE("cib: bytes that are no change are refused", "[cib]") {
  const auto bytes = encode(example());
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_change(BytesView(bytes).first(n)));
  auto longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(decode_change(longer));
  auto other_format = bytes;
  other_format[0] = 9;
  CHECK(decode_change(other_format).error().kind == ErrorKind::unsupported);
  auto other_verb = bytes;
  other_verb[5] = 77;
  CHECK_FALSE(decode_change(other_verb));
}

TEST_CASE("cib: damaged bytes end in a change or an error, and what is read is what was written", "[cib]") {
  Rng rng(5);
  for (int round = 0; round < 3000; ++round) {
    auto bytes = encode(example());
    for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.next());
    if (const auto read = decode_change(bytes)) CHECK(encode(*read) == bytes);
  }
}
