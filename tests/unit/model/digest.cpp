// MD5 against RFC 1321's own examples, and operation digests against ones that Pacemaker wrote.
#include "resmgr/model/digest.hpp"

#include <catch2/catch.hpp>

using namespace relevo::model;
using namespace std::chrono_literals;

TEST_CASE("digest: MD5 gives the sums of RFC 1321, appendix A.5", "[model]") {
  CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_hex("abcdefghijklmnopqrstuvwxyz") == "c3fcd3d76192e4007dfb496cca67e13b");
  CHECK(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890") ==
        "57edf4a22be3c955ac49da2e2107b67a");
}

TEST_CASE("digest: MD5 is right around the edges of a block", "[model]") {
  CHECK(md5_hex(std::string(55, 'a')) == "ef1772b6dff9a122358552954ad0df65");
  CHECK(md5_hex(std::string(56, 'a')) == "3b0c8ac703f828b04c6c197006d17218");
  CHECK(md5_hex(std::string(64, 'a')) == "014842d480b571495a4a0363793f7367");
}

TEST_CASE("digest: an operation without parameters has the digest that Pacemaker writes", "[model]") {
  CHECK(operation_digest({}, 0ms, 20s) == "f2317cad3d54cec5d7d7aa7d0bf35cf8");
}

TEST_CASE("digest: the timeout counts for recurring operations only", "[model]") {
  CHECK(operation_digest({}, 0ms, 20s) == operation_digest({}, 0ms, 30s));
  CHECK(operation_digest({}, 10s, 20s) == "4811cef7f7f94e3a35a70be7916cb2fd");
  CHECK(operation_digest({}, 10s, 20s) != operation_digest({}, 10s, 30s));
}

TEST_CASE("digest: values that mean something in XML are told apart", "[model]") {
  CHECK(operation_digest({{"a", "\" b=\""}}, 0ms, 20s) != operation_digest({{"a", ""}, {"b", ""}}, 0ms, 20s));
}
