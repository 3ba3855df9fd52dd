// The reader and writer under every codec.
#include <catch2/catch.hpp>

#include "common/base/address.hpp"
#include "common/base/bytes.hpp"
#include "common/base/rng.hpp"

using namespace relevo;

TEST_CASE("bytes: what the writer wrote the reader reads", "[base]") {
  Writer w;
  w.u8(0xfe);
  w.u16(0x1234);
  w.u32(0xdeadbeef);
  w.u64(0x0123456789abcdefULL);
  w.i64(-5);
  w.boolean(true);
  w.text("relevo");
  const auto bytes = w.take();
  CHECK(bytes[1] == 0x34);  // little-endian
  Reader r(bytes);
  CHECK(r.u8() == 0xfe);
  CHECK(r.u16() == 0x1234);
  CHECK(r.u32() == 0xdeadbeef);
  CHECK(r.u64() == 0x0123456789abcdefULL);
  CHECK(r.i64() == -5);
  CHECK(r.boolean());
  CHECK(r.text() == "relevo");
  CHECK(r.done());
}

TEST_CASE("bytes: a read past the end fails for good and gives zero", "[base]") {
  const Bytes three{1, 2, 3};
  Reader r(three);
  CHECK(r.u32() == 0);
  CHECK_FALSE(r.ok());
  CHECK(r.u8() == 0);
  CHECK_FALSE(r.done());
}

TEST_CASE("bytes: a length or count that cannot fit is refused before anything is made", "[base]") {
  Writer w;
  w.u32(0xffffffff);
  w.u8(1);
  const auto bytes = w.take();
  Reader r(bytes);
  CHECK(r.text().empty());
  CHECK_FALSE(r.ok());
  Reader counted(bytes);
  CHECK(counted.count(1'000'000, 8) == 0);
  CHECK_FALSE(counted.ok());
}

TEST_CASE("bytes: a boolean is 0 or 1 and nothing else", "[base]") {
  const Bytes two{2};
  Reader r(two);
  r.boolean();
  CHECK_FALSE(r.ok());
}

TEST_CASE("rng: the same seed gives the same numbers, forks are independent of later draws", "[base]") {
  Rng a(7), b(7);
  CHECK(a.next() == b.next());
  auto fa = a.fork(1);
  auto fb = b.fork(1);
  a.next();
  CHECK(fa.next() == fb.next());
  for (int i = 0; i < 1000; ++i) {
    const auto v = a.between(-3, 3);
    CHECK((v >= -3 && v <= 3));
  }
}

TEST_CASE("address: IPv4 and IPv6 are read and printed, names are not addresses", "[base]") {
  const auto v4 = parse_ip("172.31.0.11", 5405);
  REQUIRE(v4);
  CHECK(to_string(*v4) == "172.31.0.11:5405");
  const auto v6 = parse_ip("fd00::1", 5405);
  REQUIRE(v6);
  CHECK(to_string(*v6) == "[fd00::1]:5405");
  CHECK_FALSE(parse_ip("nodo1"));
  CHECK_FALSE(parse_ip("172.31.0.256"));
}
