// Location constraints: nodes, scores, rules; and what is named that does not exist.
#include "tests/unit/unpack/make.hpp"

using namespace relevo;
using namespace relevo::test;

namespace {

model::ClusterState with(const std::string& constraints) {
  Parts parts;
  parts.nodes =
      R"(<node id="1" uname="a"><instance_attributes id="na"><nvpair id="na1" name="size" value="7"/></instance_attributes></node><node id="2" uname="b"/>)";
  parts.constraints = constraints;
  return unpacked(parts);
}

}  // namespace

TEST_CASE("unpack: a location constraint gives its score to its node only", "[unpack]") {
  const auto state = with(R"(<rsc_location id="l" rsc="vip" node="b" score="-INFINITY"/>)");
  REQUIRE(state.locations.size() == 1);
  CHECK(state.locations[0].scores == std::map<std::string, model::Score>{{"b", model::Score(-model::Score::infinity)}});
}

TEST_CASE("unpack: a rule gives its score to every node where it holds", "[unpack]") {
  const auto state = with(
      R"(<rsc_location id="l" rsc="vip"><rule id="r" score="30"><expression id="e" attribute="#uname" operation="ne" value="a"/></rule></rsc_location>)");
  REQUIRE(state.locations.size() == 1);
  CHECK(state.locations[0].rule == "r");
  CHECK(state.locations[0].scores == std::map<std::string, model::Score>{{"b", model::Score(30)}});
}

TEST_CASE("unpack: a rule's score may be a node's attribute, and its absence keeps the resource away", "[unpack]") {
  const auto state = with(
      R"(<rsc_location id="l" rsc="vip"><rule id="r" score-attribute="size"><expression id="e" attribute="#uname" operation="defined"/></rule></rsc_location>)");
  REQUIRE(state.locations.size() == 1);
  CHECK(state.locations[0].scores.at("a") == model::Score(7));
  CHECK(state.locations[0].scores.at("b").is_minus_infinity());
}

TEST_CASE("unpack: constraints about nodes that do not exist are told and change nothing", "[unpack]") {
  const auto state = with(R"(<rsc_location id="l" rsc="vip" node="zzz" score="1"/>)");
  CHECK(state.locations.empty());
  CHECK(state.warnings == std::vector<std::string>{"constraint 'l' names node 'zzz', which does not exist"});
}

TEST_CASE("unpack: constraints are sorted by id, however they were written", "[unpack]") {
  const auto state = with(
      R"(<rsc_location id="l2" rsc="vip" node="a" score="1"/><rsc_location id="l1" rsc="vip" node="a" score="1"/>)");
  REQUIRE(state.locations.size() == 2);
  CHECK(state.locations[0].id == "l1");
}

TEST_CASE("unpack: a date rule says when the state changes by itself", "[unpack]") {
  const auto state = with(
      R"(<rsc_location id="l" rsc="vip"><rule id="r" score="30"><date_expression id="e" operation="lt" end="2030-01-01T00:00:00Z"/></rule></rsc_location>)");
  REQUIRE(state.recheck_at);
  CHECK(state.recheck_at->seconds >= 1893456000);
  CHECK(state.recheck_at->seconds <= 1893456001);
}
