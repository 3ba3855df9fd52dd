// Simulation: the order in which a graph is carried out, what results leave in the status, events, the form of reports.
#include <algorithm>
#include <memory>

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/simulate/graph_walk.hpp"
#include "resmgr/policy/simulate/simulate.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

constexpr const char* two_nodes = R"(
<cib epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" validate-with="pacemaker-3.0"><configuration>
<crm_config><cluster_property_set id="c"><nvpair id="c1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources><primitive id="ip" class="ocf" provider="pacemaker" type="Dummy"/></resources><constraints/></configuration>
<status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>
<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>)";

struct Cluster {
  explicit Cluster(const char* text = two_nodes) { REQUIRE(cib.load_string(text)); }

  std::unique_ptr<WorkingSet> unpacked() {
    auto set = std::make_unique<WorkingSet>(cib.child("cib"), WallTime{1'700'000'000});
    REQUIRE(unpack(*set));
    return set;
  }
  std::vector<std::string> simulate(const Injections& injections = {}) {
    auto set = unpacked();
    AssignmentLog log;
    schedule_unpacked(*set, log);
    const auto graph = make_graph(*set, 0);
    const auto done = execute(cib, *set, graph, injections);
    REQUIRE(done);
    return done->lines;
  }
  std::string status() { return join(status_text(*unpacked(), true), "\n"); }
  [[nodiscard]] pugi::xml_node result(const char* node, const char* id) const {
    const auto state = cib.child("cib").child("status").find_child_by_attribute("node_state", "uname", node);
    for (auto rsc : state.child("lrm").child("lrm_resources").children("lrm_resource"))
      if (auto entry = rsc.find_child_by_attribute("lrm_rsc_op", "id", id)) return entry;
    return {};
  }
  pugi::xml_document cib;
};

std::string fired(const char* synapses, const std::string& failing = {}) {
  pugi::xml_document graph;
  REQUIRE(graph.load_string(synapses));
  GraphWalk walk(graph.child("transition_graph"));
  std::vector<std::string> ids;
  while (const auto action = walk.next()) {
    ids.emplace_back(action.attribute("id").as_string());
    walk.done(ids.back() == failing);
  }
  return join(ids, " ") + (walk.is_stuck() ? " stuck" : "");
}

// 1 waits for 3; 2 waits for nothing; 3 waits for 2; 4 waits for 1
constexpr const char* chain = R"(<transition_graph>
<synapse><action_set><rsc_op id="1"/></action_set><inputs><trigger><rsc_op id="3"/></trigger></inputs></synapse>
<synapse><action_set><rsc_op id="2"/></action_set><inputs/></synapse>
<synapse><action_set><rsc_op id="3"/></action_set><inputs><trigger><rsc_op id="2"/></trigger></inputs></synapse>
<synapse priority="1000000"><action_set><rsc_op id="4"/></action_set><inputs><trigger><rsc_op id="2"/></trigger></inputs></synapse>
<synapse><action_set><pseudo_event id="5"/></action_set><inputs/></synapse></transition_graph>)";

}  // namespace

TEST_CASE("policy simulation: what becomes ready further down is fired in the same round", "[policy]") {
  CHECK(fired(chain) == "2 3 4 5 1");
}

TEST_CASE("policy simulation: after a failure only the most urgent and what does nothing go on", "[policy]") {
  CHECK(fired(chain, "2") == "2 4 5");
}

TEST_CASE("policy simulation: actions that wait for each other are told", "[policy]") {
  CHECK(fired(R"(<transition_graph>
<synapse><action_set><rsc_op id="1"/></action_set><inputs><trigger><rsc_op id="2"/></trigger></inputs></synapse>
<synapse><action_set><rsc_op id="2"/></action_set><inputs><trigger><rsc_op id="1"/></trigger></inputs></synapse>
</transition_graph>)") == " stuck");
}

TEST_CASE("policy simulation: a start leaves the resource started, and the status says so", "[policy]") {
  Cluster cluster;
  const auto lines = cluster.simulate();
  CHECK(lines == std::vector<std::string>{"  * Resource action: ip              monitor on n2", "  * Resource action: ip              monitor on n1",
                                          "  * Resource action: ip              start on n1"});
  CHECK(cluster.status() ==
        "  * Node List:\n    * Online: [ n1 n2 ]\n\n  * Full List of Resources:\n    * ip\t(ocf:pacemaker:Dummy):\t Started n1");
  CHECK(cluster.simulate().empty());
}

TEST_CASE("policy simulation: results are kept over the last one, with digest and call id", "[policy]") {
  Cluster cluster;
  cluster.simulate();
  const auto start = cluster.result("n1", "ip_last_0");
  CHECK(start.attribute("operation").as_string() == std::string("start"));
  CHECK(start.attribute("call-id").as_int() == 2);
  CHECK(start.attribute("op-digest").as_string() == std::string("f2317cad3d54cec5d7d7aa7d0bf35cf8"));
  CHECK(cluster.result("n2", "ip_last_0").attribute("rc-code").as_int() == 7);
}

TEST_CASE("policy simulation: an action that shall fail counts as a failure and is planned for", "[policy]") {
  Cluster cluster;
  Injections injections;
  injections.op_fail = {"ip_start_0@n1=1"};
  const auto lines = cluster.simulate(injections);
  CHECK(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("Pretending action"); }) == 1);
  CHECK(cluster.result("n1", "ip_last_failure_0").attribute("rc-code").as_int() == 1);
  CHECK(cluster.result("n1", "ip_last_0").attribute("rc-code").as_int() == 1);
  CHECK(cluster.status().find("ip\t(ocf:pacemaker:Dummy):\t FAILED n1") != std::string::npos);
  CHECK(cluster.simulate().front() == "  * Resource action: ip              stop on n1");
}

TEST_CASE("policy simulation: a node that is taken down loses what the status knew of it", "[policy]") {
  Cluster cluster;
  cluster.simulate();
  Injections injections;
  injections.node_down = {"n1"};
  auto set = cluster.unpacked();
  const auto told = inject(cluster.cib, *set, injections);
  REQUIRE(told);
  CHECK(*told == std::vector<std::string>{"  * Taking node n1 offline"});
  CHECK_FALSE(cluster.result("n1", "ip_last_0"));
  CHECK(cluster.status().find("OFFLINE: [ n1 ]") != std::string::npos);
}

TEST_CASE("policy simulation: a spec that cannot be read is named and does nothing", "[policy]") {
  for (const auto* spec : {"", "@", "=", "ip", "ip_monitor_0@n1", "ip_monitor_0@=1", "ip@n1=1", "_@n1=1", "ip_monitor_x@n1=7", "nope_start_0@n1=1"}) {
    Cluster cluster;
    Injections injections;
    injections.op_inject = {spec};
    auto set = cluster.unpacked();
    const auto told = inject(cluster.cib, *set, injections);
    REQUIRE(told);
    REQUIRE(told->size() == 2);
    CHECK(told->back().starts_with("Invalid "));
    CHECK_FALSE(cluster.result("n1", "ip_last_failure_0"));
  }
}

TEST_CASE("policy report: names sort as people count", "[policy]") {
  CHECK(compare_names("n2", "n10") < 0);
  CHECK(compare_names("N3", "n4") < 0);
  CHECK(compare_names("n1", "n1a") < 0);
  CHECK(compare_names("n02", "n2") == 0);
  CHECK(compare_names("", "") == 0);
}

TEST_CASE("policy report: the bare form has no headings, bullets and labels", "[policy]") {
  const ReportLine online{ReportLine::Kind::entry, 2, "Online", "[ n1 ]"};
  CHECK(render(online, true) == "    * Online: [ n1 ]");
  CHECK(render(online, false) == "[ n1 ]");
  CHECK_FALSE(render({ReportLine::Kind::heading, 1, {}, "Node List"}, false));
}
