// Text tools: numbers, durations, near words.
#include <catch2/catch.hpp>

#include "common/base/text.hpp"

using namespace relevo;

TEST_CASE("text: durations are read as Pacemaker writes them", "[base]") {
  const auto ms = [](const char* text) { return parse_duration(text).value_or(std::chrono::milliseconds(-1)).count(); };
  CHECK(ms("20s") == 20000);
  CHECK(ms("20") == 20000);
  CHECK(ms("150ms") == 150);
  CHECK(ms("2min") == 120000);
  CHECK(ms("1h") == 3600000);
  CHECK(ms("PT10S") == 10000);
  CHECK(ms("P1DT2H") == 93600000);
  CHECK(ms("PT1M") == 60000);
  CHECK(ms("1500us") == 1);
  CHECK(ms("-5s") == -1);
  CHECK(ms("ten") == -1);
  CHECK(ms("5 parsecs") == -1);
  CHECK(ms("PT") == -1);
  CHECK(ms("P") == -1);
  CHECK(ms("99999999999999999999s") == -1);
  CHECK(ms("9999999999999999s") == -1);
}

TEST_CASE("text: booleans take the words of the manual and no others", "[base]") {
  for (const auto* yes : {"1", "yes", "Y", "ON", "true"}) CHECK(parse_bool(yes) == true);
  for (const auto* no : {"0", "no", "N", "off", "False"}) CHECK(parse_bool(no) == false);
  CHECK_FALSE(parse_bool("maybe"));
  CHECK_FALSE(parse_bool(""));
}

TEST_CASE("text: numbers are whole texts", "[base]") {
  CHECK(parse_int("-12") == -12);
  CHECK(parse_int("+12") == 12);
  CHECK_FALSE(parse_int("12x"));
  CHECK_FALSE(parse_int(""));
  CHECK_FALSE(parse_uint("-1"));
}

TEST_CASE("text: a typo finds its word, a strange word finds none", "[base]") {
  const std::vector<std::string> verbs{"standby", "unstandby", "status", "resource"};
  CHECK(did_you_mean("stanbdy", verbs) == "standby");
  CHECK(did_you_mean("resorce", verbs) == "resource");
  CHECK_FALSE(did_you_mean("xyzzy", verbs));
}

TEST_CASE("text: splitting keeps empty parts, words drops them", "[base]") {
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(words("  a \t b\n") == std::vector<std::string>{"a", "b"});
  CHECK(join({"a", "b"}, ", ") == "a, b");
  CHECK(trim("  x ") == "x");
}
