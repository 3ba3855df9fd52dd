// What the configuration comes to: blocks, options, templates, meta attributes, instances, guests, bundles.
#include <catch2/catch.hpp>

#include "common/xml/parse.hpp"
#include "resmgr/policy/set/values.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// A cluster of n1 and n2, fencing disabled, with these resources and further sections.
struct Cluster {
  explicit Cluster(const std::string& resources, const std::string& options = "", const std::string& more = "") {
    const auto text = R"(<cib have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="o">)"
                      R"(<nvpair id="o1" name="stonith-enabled" value="false"/>)" + options +
                      R"(</cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2" score="7"/></nodes>)"
                      "<resources>" + resources + "</resources>" + more + "</configuration><status/></cib>";
    auto parsed = xml::parse(text);
    REQUIRE(parsed);
    document = std::move(*parsed);
    set.emplace(document->document_element(), WallTime{1'700'000'000});
    unpack_options(*set);
    unpack_nodes(*set);
    unpack_remote_nodes(*set);
    unpack_resources(*set);
    unpack_tags(*set);
  }
  Resource& operator[](std::string_view id) {
    auto* rsc = set->find_resource(id);
    REQUIRE(rsc != nullptr);
    return *rsc;
  }
  std::unique_ptr<pugi::xml_document> document;
  std::optional<WorkingSet> set;
};

std::string dummy(const std::string& id, const std::string& inside = "") {
  return R"(<primitive id=")" + id + R"(" class="ocf" provider="heartbeat" type="Dummy">)" + inside + "</primitive>";
}

std::string meta(const std::string& id, const std::string& name, const std::string& value) {
  return R"(<meta_attributes id=")" + id + R"("><nvpair id=")" + id + R"(-1" name=")" + name + R"(" value=")" + value + R"("/></meta_attributes>)";
}

}  // namespace

TEST_CASE("policy configuration: of two blocks of the same score the later one wins", "[policy]") {
  Cluster c(dummy("a", meta("m1", "target-role", "Started") + meta("m2", "target-role", "Stopped")));
  CHECK(c["a"].next_role == Role::stopped);
}

TEST_CASE("policy configuration: #default takes a value away", "[policy]") {
  Cluster c(dummy("a", meta("m1", "priority", "#default") + meta("m2", "priority", "5")));
  CHECK(c["a"].priority == 0);
}

TEST_CASE("policy configuration: a template's operations give way to the resource's by name and role", "[policy]") {
  Cluster c(R"(<template id="t" class="ocf" provider="heartbeat" type="Dummy"><operations><op id="t1" name="monitor" interval="10s"/>)"
            R"(<op id="t2" name="start" interval="0" timeout="77s"/></operations></template>)"
            R"(<primitive id="a" template="t"><operations><op id="a1" name="monitor" interval="20s"/></operations></primitive>)");
  std::vector<std::string> ids;
  for (const auto op : c["a"].xml.child("operations").children("op")) ids.emplace_back(op.attribute("id").value());
  CHECK(ids == std::vector<std::string>{"a1", "t2"});
  CHECK(c["a"].type == "Dummy");
  CHECK(c.set->template_users.at("t") == std::vector<std::string>{"a"});
}

TEST_CASE("policy configuration: what parents set comes before the defaults, what they have from defaults after", "[policy]") {
  const auto defaults = "<rsc_defaults>" + meta("d", "migration-threshold", "3") + "</rsc_defaults>";
  Cluster c(R"(<group id="g">)" + meta("m", "migration-threshold", "2") + dummy("a") + "</group>" + dummy("b"), "", defaults);
  CHECK(c["a"].migration_threshold == 2);
  CHECK(c["b"].migration_threshold == 3);
}

TEST_CASE("policy configuration: a clone has an instance for each node, and instances are a little sticky", "[policy]") {
  Cluster c(R"(<clone id="c">)" + dummy("a") + "</clone>");
  CHECK(c["c"].children.size() == 2);
  CHECK(c["a:0"].stickiness == 1);
  CHECK(c["a:0"].is_anonymous_instance());
  CHECK_FALSE(c["a:1"].removed);
  Cluster none(R"(<clone id="c">)" + meta("m", "clone-max", "0") + dummy("a") + "</clone>");
  CHECK(none["a:0"].removed);
}

TEST_CASE("policy configuration: only what can be promoted is", "[policy]") {
  const auto promotable = [](const std::string& klass) {
    return R"(<clone id="c">)" + meta("m", "promotable", "true") + R"(<primitive id="a" class=")" + klass + R"(" type="x"/></clone>)";
  };
  CHECK(Cluster(promotable("ocf"))["a:0"].promotable);
  CHECK(Cluster(promotable("lsb")).set->find_resource("c") == nullptr);
  CHECK(Cluster(promotable("lsb")).set->all_resources.empty());
}

TEST_CASE("policy configuration: nodes start with their own score, none when nothing is allowed by default", "[policy]") {
  Cluster c(dummy("a"));
  CHECK(c["a"].allowed.find(*c.set->find_node("n2"))->score == Score(7));
  Cluster asymmetric(dummy("a"), R"(<nvpair id="o2" name="symmetric-cluster" value="false"/>)");
  CHECK(asymmetric["a"].allowed.empty());
}

TEST_CASE("policy configuration: a guest has a connection that lives in its container", "[policy]") {
  Cluster c(dummy("vm", meta("m", "remote-node", "g1")));
  CHECK(c["g1"].container == &c["vm"]);
  CHECK(c.set->find_node("g1")->is_guest());
  CHECK_FALSE(c["g1"].allow_migrate);
  CHECK(c["vm"].is_container);
}

TEST_CASE("policy configuration: a bundle's inner nodes are for its own replicas only", "[policy]") {
  Cluster c(R"(<bundle id="b"><docker image="i" replicas="2"/><network ip-range-start="10.0.0.254"/>)" + dummy("a") + "</bundle>" + dummy("z"));
  const auto& bundle = *c["b"].bundle;
  REQUIRE(bundle.replica.size() == 2);
  CHECK(bundle.replica[1].address == "10.0.1.1");
  CHECK(c["b-1"].container == bundle.replica[1].container);
  const auto& inside = *c.set->find_node("b-0");
  CHECK(c["z"].allowed.find(inside) == nullptr);
  CHECK(c["a:0"].allowed.find(inside)->score == Score(500));
  CHECK(c["b-clone"].parent == &c["b"]);
}

TEST_CASE("policy configuration: a bundle's replicas count IPv6 addresses, too, and need one each", "[policy]") {
  const auto bundle = [](const std::string& first) {
    return R"(<bundle id="b"><podman image="i" replicas="2"/><network ip-range-start=")" + first + R"("/>)" + dummy("a") + "</bundle>";
  };
  CHECK(Cluster(bundle("fd00::9"))["b"].bundle->replica[1].address == "fd00::a");
  CHECK(Cluster(bundle("10.0.254.9")).set->find_resource("b") == nullptr);
}

TEST_CASE("policy configuration: options that cannot be read count as their defaults", "[policy]") {
  Cluster c("", R"(<nvpair id="o2" name="no-quorum-policy" value="perhaps"/><nvpair id="o3" name="stop-removed-resources" value="false"/>)");
  CHECK(c.set->options.no_quorum_policy == QuorumPolicy::stop);
  CHECK_FALSE(c.set->options.stop_orphan_resources);
  CHECK(c.set->options.set.at("cluster-delay") == "60s");
}

TEST_CASE("policy configuration: a rule without a node to ask about does not hold, and a date tells when it changes", "[policy]") {
  const std::string rule = R"(<rule id="r"><expression id="e" attribute="x" operation="not_defined"/></rule>)";
  const std::string date = R"(<rule id="r2"><date_expression id="e2" operation="lt" end="2024-01-01T00:00:00Z"/></rule>)";
  const auto block = [](const std::string& id, const std::string& rules, const std::string& name) {
    return R"(<meta_attributes id=")" + id + R"(">)" + rules + R"(<nvpair id=")" + id + R"(-1" name=")" + name + R"(" value="9"/></meta_attributes>)";
  };
  Cluster c(dummy("a", block("m1", rule, "priority") + block("m2", date, "resource-stickiness")));
  CHECK(c["a"].priority == 0);
  CHECK(c["a"].stickiness == 9);
  CHECK(c.set->recheck_by == WallTime{1'704'067'200});
}

TEST_CASE("policy configuration: rules that refer to each other end", "[policy]") {
  Cluster c(dummy("a", R"(<meta_attributes id="m"><rule id="r"><rule id-ref="r"/></rule><nvpair id="n" name="priority" value="9"/></meta_attributes>)"));
  CHECK(c["a"].priority == 0);
}
