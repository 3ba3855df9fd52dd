// What a configuration says that cannot be meant.
#include <catch2/catch.hpp>

#include <algorithm>

#include "resmgr/policy/verify/verify.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

Notes findings(const std::string& constraints, const std::string& resources = {}) {
  const auto primitive = [](const std::string& id) { return "<primitive id=\"" + id + "\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\"/>"; };
  const auto text = R"(<cib validate-with="pacemaker-3.9"><configuration><crm_config/><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>)" +
                    primitive("A") + primitive("B") + primitive("C") + resources + "</resources><constraints>" + constraints +
                    "</constraints></configuration><status/></cib>";
  pugi::xml_document cib;
  REQUIRE(cib.load_string(text.c_str()));
  return verify(cib, WallTime{1'000'000'000});
}

bool has(const Notes& notes, Level level, std::initializer_list<std::string_view> words) {
  return std::any_of(notes.begin(), notes.end(), [&](const Note& note) {
    return note.level == level && std::all_of(words.begin(), words.end(), [&](auto word) { return note.text.find(word) != std::string::npos; });
  });
}

}  // namespace

TEST_CASE("policy verify: a sound configuration gives no findings", "[policy]") {
  CHECK(findings(R"(<rsc_location id="l" rsc="A" node="n1" score="INFINITY"/><rsc_colocation id="c" rsc="A" with-rsc="B" score="INFINITY"/>
                    <rsc_order id="o" first="A" then="B"/>)").empty());
}

TEST_CASE("policy verify: a resource bound to a node and banned from it is a contradiction that names both constraints", "[policy]") {
  const auto notes = findings(R"(<rsc_location id="l1" rsc="A" node="n1" score="INFINITY"/><rsc_location id="l2" rsc="A" node="n1" score="-INFINITY"/>)");
  CHECK(has(notes, Level::warning, {"\"l1\"", "\"l2\"", "contradict", "n1"}));
  CHECK(findings(R"(<rsc_location id="l1" rsc="A" node="n1" score="INFINITY"/><rsc_location id="l2" rsc="A" node="n2" score="-INFINITY"/>)").empty());
}

TEST_CASE("policy verify: together and apart is a contradiction, whichever way the colocations look", "[policy]") {
  const auto notes = findings(R"(<rsc_colocation id="c1" rsc="A" with-rsc="B" score="INFINITY"/><rsc_colocation id="c2" rsc="B" with-rsc="A" score="-INFINITY"/>)");
  CHECK(has(notes, Level::warning, {"\"c1\"", "\"c2\"", "contradict"}));
}

TEST_CASE("policy verify: orderings in a circle are named with their constraints, once", "[policy]") {
  const auto notes = findings(R"(<rsc_order id="o1" first="A" then="B"/><rsc_order id="o2" first="B" then="C"/><rsc_order id="o3" first="C" then="A"/>)");
  CHECK(has(notes, Level::warning, {"\"o1\"", "\"o2\"", "\"o3\"", "start of A"}));
  CHECK(std::count_if(notes.begin(), notes.end(), [](const Note& note) { return note.text.starts_with("rsc_order"); }) == 1);
}

TEST_CASE("policy verify: an ordering against the order of a group is a circle", "[policy]") {
  const auto group = R"(<group id="G"><primitive id="g1" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="g2" class="ocf" provider="pacemaker" type="Dummy"/></group>)";
  CHECK(has(findings(R"(<rsc_order id="o" first="g2" then="g1"/>)", group), Level::warning, {"rsc_order \"o\"", "waits for itself"}));
  CHECK(findings(R"(<rsc_order id="o" first="g1" then="g2"/>)", group).empty());
}

TEST_CASE("policy verify: a constraint of nothing is an error and names the near one", "[policy]") {
  const auto notes = findings(R"(<rsc_order id="o" first="A" then="BB"/>)");
  CHECK(has(notes, Level::error, {"rsc_order \"o\"", "then=\"BB\"", "resource, template or tag"}));
}

TEST_CASE("policy verify: what is banned everywhere is told with the constraint of each node", "[policy]") {
  const auto notes = findings(R"(<rsc_location id="l1" rsc="A" node="n1" score="-INFINITY"/><rsc_location id="l2" rsc="A" node="n2" score="-INFINITY"/>)");
  CHECK(has(notes, Level::warning, {"resource \"A\" can run nowhere", "n1: location constraint l1", "n2: location constraint l2"}));
  CHECK(notes.size() == 1);
}

TEST_CASE("policy verify: what is disabled need not run anywhere", "[policy]") {
  const auto disabled = R"(<primitive id="D" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m"><nvpair id="r" name="target-role" value="Stopped"/></meta_attributes></primitive>)";
  CHECK(findings({}, disabled).empty());
}
