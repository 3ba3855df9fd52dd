// Documents of old schemas: the same meaning under today's names.
#include <catch2/catch.hpp>

#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/upgrade.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

std::string upgraded(const std::string& inside, const std::string& schema = "pacemaker-2.10") {
  auto parsed = xml::parse(R"(<cib validate-with=")" + schema + R"("><configuration>)" + inside + "</configuration></cib>");
  REQUIRE(parsed);
  upgrade_document((*parsed)->document_element());
  return xml::print((*parsed)->document_element().child("configuration"), xml::Style::compact);
}

std::string option(const std::string& name, const std::string& value) {
  return R"(<crm_config><cluster_property_set id="o"><nvpair id="n" name=")" + name + R"(" value=")" + value +
         R"("/></cluster_property_set></crm_config>)";
}

std::string dummy(const std::string& inside) { return R"(<resources><primitive id="a" class="ocf" type="x">)" + inside + "</primitive></resources>"; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("policy upgrade: options get their dashes", "[policy]") {
  CHECK(has(upgraded(option("no_quorum_policy", "ignore")), R"(name="no-quorum-policy" value="ignore")"));
  CHECK(has(upgraded(option("no_quorum_policy", "ignore"), "pacemaker-3.0"), "no_quorum_policy"));
}

TEST_CASE("policy upgrade: defaults among the options become defaults of resources", "[policy]") {
  const auto moved = R"(<rsc_defaults><meta_attributes id="_2TO3_-rsc-defaults"><nvpair id="n" name="resource-stickiness" value="7"/>)";
  CHECK(has(upgraded(option("default-resource-stickiness", "7")), moved));
  const std::string set = R"(<rsc_defaults><meta_attributes id="d"><nvpair id="d1" name="resource-stickiness" value="9"/></meta_attributes></rsc_defaults>)";
  CHECK_FALSE(has(upgraded(option("default-resource-stickiness", "7") + set), R"(value="7")"));
}

TEST_CASE("policy upgrade: what a start requires is what its resource requires", "[policy]") {
  const auto op = [](const std::string& name) { return R"(<operations><op id="o" name=")" + name + R"(" interval="0" requires="quorum"/></operations>)"; };
  CHECK(has(upgraded(dummy(op("start"))), R"(name="requires" value="quorum")"));
  CHECK_FALSE(has(upgraded(dummy(op("stop"))), "requires"));
  const std::string own = R"(<meta_attributes id="m"><nvpair id="m1" name="requires" value="nothing"/></meta_attributes>)";
  CHECK_FALSE(has(upgraded(dummy(own + op("start"))), "quorum"));
}

TEST_CASE("policy upgrade: what an operation tells the cluster leaves the agent's parameters", "[policy]") {
  const auto text = upgraded(dummy(R"(<operations><op id="o" name="monitor" interval="5s"><instance_attributes id="i">)"
                                   R"(<nvpair id="i1" name="timeout" value="9"/></instance_attributes></op></operations>)"));
  CHECK_FALSE(has(text, "instance_attributes"));
  CHECK(has(text, R"(<meta_attributes id="_2TO3_o-meta"><nvpair id="i1" name="timeout" value="9"/>)"));
}
