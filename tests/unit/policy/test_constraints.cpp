// Constraints as they are read, and what orderings do to actions.
#include <catch2/catch.hpp>

#include "common/xml/parse.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/unpack/unpack.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// Primitives a, b, c and d; clone k of p; nodes n1 (num=5) and n2; with these constraints and tags.
struct Constrained {
  explicit Constrained(const std::string& constraints, const std::string& tags = "") {
    std::string resources;
    for (const std::string id : {"a", "b", "c", "d"}) resources += dummy(id);
    resources += R"(<clone id="k">)" + dummy("p") + "</clone>";
    const auto text =
        R"(<cib have-quorum="1"><configuration><crm_config><cluster_property_set id="o">)"
        R"(<nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config><nodes>)"
        R"(<node id="1" uname="n1"><instance_attributes id="i"><nvpair id="i1" name="num" value="5"/></instance_attributes></node>)"
        R"(<node id="2" uname="n2"/></nodes><resources>)" + resources + "</resources><constraints>" + constraints + "</constraints>" +
        tags + "</configuration><status/></cib>";
    auto parsed = xml::parse(text);
    REQUIRE(parsed);
    document = std::move(*parsed);
    set.emplace(document->document_element(), WallTime{1'700'000'000});
    REQUIRE(unpack(*set));
    unpack_constraints(*set);
  }
  static std::string dummy(const std::string& id) {
    return R"(<primitive id=")" + id + R"(" class="ocf" provider="heartbeat" type="Dummy"/>)";
  }
  [[nodiscard]] std::vector<std::string> orders() const {
    std::vector<std::string> told;
    for (const auto& ordering : set->orderings) told.push_back(ordering.first_task + " then " + ordering.then_task);
    return told;
  }
  [[nodiscard]] std::vector<std::string> colocations() const {
    std::vector<std::string> told;
    for (const auto* c : set->colocations) told.push_back(c->dependent->id + " with " + c->primary->id);
    return told;
  }
  std::unique_ptr<pugi::xml_document> document;
  std::optional<WorkingSet> set;
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("policy constraints: a mandatory order goes both ways, one that is not symmetrical only forward", "[policy]") {
  const Constrained both(R"(<rsc_order id="o" first="a" then="b"/>)");
  CHECK(both.orders() == Told{"a_start_0 then b_start_0", "b_stop_0 then a_stop_0"});
  CHECK(both.set->orderings[0].flags == (order::optional | order::implies_then | order::runnable_left));
  CHECK(both.set->orderings[1].flags == (order::optional | order::implies_first));
  const Constrained forward(R"(<rsc_order id="o" first="a" then="b" symmetrical="false"/>)");
  CHECK(forward.orders() == Told{"a_start_0 then b_start_0"});
  CHECK(forward.set->orderings[0].flags == (order::optional | order::asymmetrical));
}

TEST_CASE("policy constraints: a wrong kind is told and means Mandatory", "[policy]") {
  const Constrained c(R"(<rsc_order id="o" first="a" then="b" kind="foo"/>)");
  CHECK(c.orders().size() == 2);
  CHECK(c.set->notices.back().text == "Resetting 'kind' for constraint o to 'Mandatory' because 'foo' is not valid");
}

TEST_CASE("policy constraints: a set of which any member will do is followed through one action of its own", "[policy]") {
  const Constrained c(R"(<rsc_order id="o"><resource_set id="s1" require-all="false" sequential="false"><resource_ref id="a"/>)"
                      R"(<resource_ref id="b"/></resource_set><resource_set id="s2"><resource_ref id="c"/></resource_set></rsc_order>)");
  CHECK(c.orders() == Told{"a_start_0 then one-or-more:s1", "b_start_0 then one-or-more:s1", "one-or-more:s1 then c_start_0",
                           "c_stop_0 then a_stop_0", "c_stop_0 then b_stop_0"});
}

TEST_CASE("policy constraints: a negative set keeps every member apart from all before it", "[policy]") {
  const Constrained c(R"(<rsc_colocation id="o" score="-INFINITY"><resource_set id="s"><resource_ref id="a"/><resource_ref id="b"/>)"
                      R"(<resource_ref id="c"/></resource_set></rsc_colocation>)");
  CHECK(c.colocations() == Told{"b with a", "c with a", "c with b"});
}

TEST_CASE("policy constraints: a tag stands for its resources; between two tags there is no colocation", "[policy]") {
  const std::string tags = R"(<tags><tag id="t"><obj_ref id="a"/><obj_ref id="b"/></tag><tag id="u"><obj_ref id="c"/></tag></tags>)";
  const Constrained one(R"(<rsc_colocation id="o" rsc="t" with-rsc="d" score="10"/>)", tags);
  CHECK(one.colocations() == Told{"a with d", "b with d"});
  const Constrained two(R"(<rsc_colocation id="o" rsc="t" with-rsc="u" score="10"/>)", tags);
  CHECK(two.colocations().empty());
}

TEST_CASE("policy constraints: tags that contain themselves are no resources, and reading ends", "[policy]") {
  const Constrained c(R"(<rsc_order id="o"><resource_set id="s"><resource_ref id="t"/><resource_ref id="a"/></resource_set></rsc_order>)",
                      R"(<tags><tag id="t"><obj_ref id="t"/></tag></tags>)");
  CHECK(c.orders().empty());
  CHECK_FALSE(c.set->notices.empty());
}

TEST_CASE("policy constraints: a pattern's groups fill in names of attributes", "[policy]") {
  const Constrained c(R"(<rsc_location id="l" rsc-pattern="^(k)$"><rule id="r" score-attribute="num" boolean-op="and">)"
                      R"(<expression id="e" attribute="num" operation="defined"/></rule></rsc_location>)");
  REQUIRE(c.set->locations.size() == 1);
  const auto& location = *c.set->locations.front();
  CHECK(location.rsc->id == "k");
  REQUIRE(location.scores.size() == 1);
  CHECK(location.scores.front().first->name == "n1");
  CHECK(location.scores.front().second == Score(5));
}

TEST_CASE("policy constraints: what is required is passed on, and what cannot run holds up the rest", "[policy]") {
  Constrained c("");
  auto& set = *c.set;
  const auto act = [&](const char* id, const char* task) -> Action& {
    Action& action = rsc_action(set, *set.find_resource(id), task, set.find_node("n1"), true);
    action.runnable = true;
    action.why_not.clear();  // the node of this test is not online
    return action;
  };
  Action &first = act("a", "start"), &then = act("b", "start"), &last = act("c", "start");
  order_actions(first, then, order::implies_then | order::runnable_left);
  order_actions(then, last, order::implies_then | order::runnable_left);
  first.optional = false;
  update_action_dependencies(set, then);
  CHECK_FALSE(last.optional);
  CHECK(last.reason == "required b start");
  first.runnable = false;
  update_action_dependencies(set, then);
  CHECK_FALSE(last.runnable);
  CHECK(last.why_not == "unrunnable b start");
}

TEST_CASE("policy constraints: a chain of thousands of actions is followed to its end", "[policy]") {
  Constrained c("");
  auto& set = *c.set;
  std::vector<Action*> chain;
  for (int i = 0; i < 20'000; ++i) {
    chain.push_back(&pseudo_action(set, nullptr, "p" + std::to_string(i), "p", true));
    if (i > 0) order_actions(*chain[chain.size() - 2], *chain.back(), order::implies_then);
  }
  chain.front()->optional = false;
  update_action_dependencies(set, *chain[1]);
  CHECK_FALSE(chain.back()->optional);
}
