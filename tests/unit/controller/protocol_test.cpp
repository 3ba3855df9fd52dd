// The JSON of the local socket: both directions, and tolerance of what is not expected.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "resmgr/client/protocol.hpp"

using namespace relevo;
using namespace relevo::resmgr;
using nlohmann::json;

TEST_CASE("protocol: a change comes back as it was", "[client]") {
  cib::Change change;
  change.operations.push_back({cib::Verb::remove, "/cib/configuration", "<x a=\"\xc3\xa9\"/>", true, true, true});
  change.operations.push_back({cib::Verb::bump, "", "", false, false, false});
  change.user = "root";
  change.at = {1700000000};
  const auto text = write_json(to_json(change));
  const auto back = change_from(*read_json(text));
  REQUIRE(back.has_value());
  CHECK(cib::encode(*back) == cib::encode(change));
}

TEST_CASE("protocol: errors keep their kind", "[client]") {
  for (const auto kind : {ErrorKind::failed, ErrorKind::invalid, ErrorKind::not_found, ErrorKind::exists,
                          ErrorKind::not_connected, ErrorKind::no_quorum, ErrorKind::permission, ErrorKind::timeout,
                          ErrorKind::unsupported, ErrorKind::try_again}) {
    const auto back = error_from(to_json(Error{"why", kind}));
    CHECK(back.kind == kind);
    CHECK(back.message == "why");
  }
}

TEST_CASE("protocol: members of the wrong type give the fallback", "[client]") {
  const json odd = {{"a", 5}, {"b", "text"}, {"c", {1, 2}}};
  CHECK(text_of(odd, "a", "none") == "none");
  CHECK(number_of(odd, "b", 9) == 9);
  CHECK(flag_of(odd, "c", true));
  CHECK(text_of(json::array(), "a", "none") == "none");
  CHECK_FALSE(read_json("[1,2]").has_value());
  CHECK_FALSE(read_json("{\"a\":").has_value());
  CHECK_FALSE(change_from(json{{"operations", "all"}}).has_value());
  CHECK_FALSE(change_from(json{{"operations", {{{"verb", "explode"}}}}}).has_value());
}

TEST_CASE("protocol: what is not UTF-8 is still written", "[client]") {
  CHECK_FALSE(write_json(json{{"text", "\xff\xfe"}}).empty());
}
