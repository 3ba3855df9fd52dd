// What asks for more than any machine can do is cut, and told; the rest of the plan stands.
#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "resmgr/policy/unpack/unpack.hpp"
#include "resmgr/rules/rule.hpp"
#include "tests/policy/property/planning.hpp"

using namespace relevo::policy;
using namespace relevo::policy::test;

namespace {

/// One node, no fencing, these resources and constraints.
pugi::xml_document cluster(const std::string& resources, const std::string& constraints = {}) {
  pugi::xml_document cib;
  const auto text = fmt::format(
      "<cib have-quorum='1' validate-with='pacemaker-3.9'><configuration><crm_config><cluster_property_set id='c'>"
      "<nvpair id='o' name='stonith-enabled' value='false'/></cluster_property_set></crm_config><nodes><node id='1' uname='n1'/></nodes>"
      "<resources>{}</resources><constraints>{}</constraints></configuration>"
      "<status><node_state id='1' uname='n1' in_ccm='true' crmd='online' join='member' expected='member'/></status></cib>",
      resources, constraints);
  REQUIRE(cib.load_buffer(text.data(), text.size()));
  return cib;
}

std::string primitive(const std::string& id) { return fmt::format("<primitive id='{}' class='ocf' provider='pacemaker' type='Dummy'/>", id); }

std::string clone(int number, const char* instances) {
  return fmt::format("<clone id='c{0}'><meta_attributes id='m{0}'><nvpair id='v{0}' name='clone-max' value='{1}'/>"
                     "<nvpair id='u{0}' name='globally-unique' value='true'/></meta_attributes>{2}</clone>",
                     number, instances, primitive(fmt::format("p{}", number)));
}

bool tells(const WorkingSet& set, std::string_view what) {
  return std::any_of(set.notices.begin(), set.notices.end(), [&](const Notice& notice) {
    return notice.level == Notice::Level::error && notice.text.find(what) != std::string::npos;
  });
}

/// Rules each of which refers twice to the next: 2 to the power of 60 of them.
std::string doubling_rules() {
  std::string rules;
  for (int i = 0; i < 60; ++i)
    rules += fmt::format("<rsc_location id='l{0}' rsc='a'><rule id='r{0}' boolean-op='or' score='1'><rule id-ref='r{1}'/><rule id-ref='r{1}'/></rule></rsc_location>", i, i + 1);
  return rules + "<rsc_location id='l60' rsc='a'><rule id='r60' score='1'><expression id='e' attribute='#uname' operation='eq' value='n2'/></rule></rsc_location>";
}

}  // namespace

TEST_CASE("policy: a clone with a million instances has a thousand, and that is told", "[policy][property]") {
  const auto cib = cluster(primitive("a") + clone(1, "1000000"));
  const auto planned = plan(cib);
  CHECK(planned.set->find_resource("c1")->children.size() == 1000);
  CHECK(tells(*planned.set, "c1: clone-max of 1000000 is more than any cluster can run"));
  CHECK(planned.set->find_resource("a")->assigned_to != nullptr);
}

TEST_CASE("policy: many large clones together get no more instances than a cluster can have", "[policy][property]") {
  std::string clones;
  for (int i = 0; i < 60; ++i) clones += clone(i, "1000");
  const auto cib = cluster(clones);
  WorkingSet set(cib.child("cib"), planning_time);
  REQUIRE(unpack(set));
  CHECK(set.all_resources.size() < 51'000);
  CHECK(set.find_resource("c59")->children.size() == 1);
  CHECK(tells(set, "instances are used"));
}

TEST_CASE("policy: bundles share a limit of replicas", "[policy][property]") {
  const auto bundle = [](const char* id) { return fmt::format("<bundle id='{}'><docker image='i' replicas='150'/></bundle>", id); };
  const auto cib = cluster(bundle("b1") + bundle("b2"));
  WorkingSet set(cib.child("cib"), planning_time);
  REQUIRE(unpack(set));
  CHECK(set.find_resource("b1")->bundle->replica.size() == 150);
  CHECK(set.find_resource("b2")->bundle->replica.size() == 50);
  CHECK(tells(set, "b2: 150 replicas are more than any cluster can run"));
}

TEST_CASE("policy: rules that refer to each other again and again come to an end, and that is told", "[policy][property]") {
  const auto cib = cluster(primitive("a"), doubling_rules());
  const auto planned = plan(cib);
  CHECK(tells(*planned.set, "refer to each other in a circle or are too many"));
  CHECK(planned.set->find_resource("a")->assigned_to != nullptr);
}

TEST_CASE("rules: what refers to each other again and again is refused", "[rules][property]") {
  const auto cib = cluster(primitive("a"), doubling_rules());
  const auto rule = cib.child("cib").child("configuration").child("constraints").child("rsc_location").child("rule");
  const auto answer = relevo::rules::evaluate(rule, {}, planning_time);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == relevo::ErrorKind::invalid);
}
