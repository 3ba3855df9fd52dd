// Suppositions and what comes of them.
#include <catch2/catch.hpp>

#include <algorithm>

#include "resmgr/policy/simulate/what_if.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

constexpr WallTime noon{1'000'000'000};

/// Two nodes that are up; A runs on n1.
struct Cluster {
  pugi::xml_document cib;
  Cluster() {
    const auto* text = R"(<cib validate-with="pacemaker-3.9" have-quorum="1" dc-uuid="1" crm_feature_set="3.16.1"><configuration><crm_config>
      <cluster_property_set id="cib-bootstrap-options"><nvpair id="s" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
      <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>
      <primitive id="A" class="ocf" provider="pacemaker" type="Dummy"><operations><op id="A-m" name="monitor" interval="10s"/></operations></primitive>
      </resources><constraints><rsc_location id="stay" rsc="A" node="n1" score="100"/></constraints></configuration><status>
      <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>
      <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>)";
    REQUIRE(cib.load_string(text));
    REQUIRE(run_course(cib, noon));  // until it rests: A is up
  }
  Result<Course> after(std::vector<Supposition> suppositions) {
    if (auto done = suppose(cib, noon, suppositions); !done) return pass(done.error());
    return run_course(cib, noon);
  }
};

std::vector<std::string> places(const std::vector<Whereabouts>& all, const std::string& rsc) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.rsc == rsc; });
  if (found == all.end()) return {"unknown"};
  std::vector<std::string> nodes;
  for (const auto& [role, there] : found->nodes) nodes.insert(nodes.end(), there.begin(), there.end());
  return nodes;
}

using Nodes = std::vector<std::string>;

}  // namespace

TEST_CASE("policy what if: a cluster at rest does nothing", "[policy]") {
  Cluster cluster;
  const auto course = cluster.after({});
  REQUIRE(course);
  CHECK(course->transitions.empty());
  CHECK(course->rests);
  CHECK(places(course->before, "A") == Nodes{"n1"});
}

TEST_CASE("policy what if: standby moves what runs there, and coming back moves it home", "[policy]") {
  Cluster cluster;
  auto course = cluster.after({{WhatIf::standby, "n1"}});
  REQUIRE(course);
  CHECK(places(course->after, "A") == Nodes{"n2"});
  course = cluster.after({{WhatIf::unstandby, "n1"}});
  REQUIRE(course);
  CHECK(places(course->after, "A") == Nodes{"n1"});
}

TEST_CASE("policy what if: a node that is stopped lets its resources go first", "[policy]") {
  Cluster cluster;
  const auto course = cluster.after({{WhatIf::stop, "n1"}});
  REQUIRE(course);
  REQUIRE(!course->transitions.empty());
  CHECK(course->transitions[0].changes[0].verb == "Shutdown");
  CHECK(places(course->after, "A") == Nodes{"n2"});
  CHECK(course->rests);
}

TEST_CASE("policy what if: suppositions hold together", "[policy]") {
  Cluster cluster;
  const auto course = cluster.after({{WhatIf::remove, "stay"}, {WhatIf::location, "A=n2:50"}});
  REQUIRE(course);
  CHECK(places(course->after, "A") == Nodes{"n2"});
}

TEST_CASE("policy what if: what is disabled stops, what is enabled starts again", "[policy]") {
  Cluster cluster;
  auto course = cluster.after({{WhatIf::disable, "A"}});
  REQUIRE(course);
  CHECK(places(course->after, "A").empty());
  course = cluster.after({{WhatIf::enable, "A"}});
  REQUIRE(course);
  CHECK(places(course->after, "A") == Nodes{"n1"});
}

TEST_CASE("policy what if: a failed monitor makes a recovery", "[policy]") {
  Cluster cluster;
  const auto course = cluster.after({{WhatIf::fail, "A"}});
  REQUIRE(course);
  REQUIRE(!course->transitions.empty());
  CHECK(course->transitions[0].changes[0].verb == "Recover");
}

TEST_CASE("policy what if: what is not there is an error that names it", "[policy]") {
  Cluster cluster;
  const auto node = suppose(cluster.cib, noon, {{WhatIf::standby, "n3"}});
  REQUIRE(!node);
  CHECK(node.error().message.find("there is no node 'n3'") != std::string::npos);
  CHECK(!suppose(cluster.cib, noon, {{WhatIf::remove, "nothing"}}));
  CHECK(!suppose(cluster.cib, noon, {{WhatIf::fail, "A@n2"}}));
  CHECK(!suppose(cluster.cib, noon, {{WhatIf::location, "A"}}));
}
