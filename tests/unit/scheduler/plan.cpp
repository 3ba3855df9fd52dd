// The plan for a whole CIB: what is read from the engine's graph, what is held back, what cannot be carried out.
#include <algorithm>
#include <catch2/catch.hpp>

#include <fmt/core.h>

#include "resmgr/scheduler/read_graph.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace {

using namespace relevo;

/// A cluster of n1, which is lost, and n2; `n1_history` is what n1's status has for resources.
std::string cluster(const std::string& resources, const std::string& n1_history = "", const char* n1 = "offline",
                    const char* fencing = "false") {
  const bool up = std::string_view(n1) == "online";
  return fmt::format(
      R"(<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1">
<configuration><crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="{3}"/>
</cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources>{0}</resources><constraints/></configuration><status>
<node_state id="1" uname="n1" in_ccm="{2}" crmd="{4}" join="{5}" expected="member"><lrm id="1"><lrm_resources>{1}</lrm_resources></lrm></node_state>
<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>)",
      resources, n1_history, up, fencing, n1, up ? "member" : "down");
}

std::string dummy(const char* id) {
  return fmt::format(R"(<primitive id="{}" class="ocf" provider="pacemaker" type="Dummy"/>)", id);
}

/// The history of `web` with one operation.
std::string last(const char* task, int rc) {
  return fmt::format(
      R"(<lrm_resource id="web" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op id="web_last_0" operation="{0}" operation_key="web_{0}_0" call-id="3" rc-code="{1}" op-status="0" interval="0" transition-key="1:1:{1}:aa" transition-magic="0:{1};1:1:{1}:aa"/></lrm_resource>)",
      task, rc);
}

scheduler::Plan plan_of(const std::string& text, const scheduler::PlanOptions& options = {}) {
  const auto document = cib::Document::parse(text);
  if (!document) FAIL(document.error().message);
  auto plan = scheduler::plan(*document, WallTime{1700000000}, options);
  REQUIRE(plan);
  return std::move(*plan);
}

const scheduler::Action* find(const scheduler::Plan& plan, std::string_view resource, std::string_view task,
                              std::string_view node) {
  const auto found = std::find_if(plan.actions.begin(), plan.actions.end(), [&](const scheduler::Action& a) {
    return a.resource == resource && a.task == task && a.node == node;
  });
  return found == plan.actions.end() ? nullptr : &*found;
}

std::vector<scheduler::Action> read(const char* text, std::vector<std::string>& warnings) {
  pugi::xml_document document;
  REQUIRE(document.load_string(text));
  return scheduler::read_graph(document.child("transition_graph"), [](std::size_t) { return std::string(); }, warnings);
}

}  // namespace

TEST_CASE("plan: the members of a group start one after the other, on one node", "[scheduler]") {
  const auto plan = plan_of(cluster("<group id=\"g\">" + dummy("a") + dummy("b") + "</group>"));
  const auto* first = find(plan, "a", "start", "n2");
  const auto* second = find(plan, "b", "start", "n2");
  REQUIRE(first != nullptr);
  REQUIRE(second != nullptr);
  CHECK(std::count(second->after.begin(), second->after.end(), first->id) == 1);
  CHECK(plan.placements.at(0).inside == std::vector<std::string>{"g"});
}

TEST_CASE("plan: instances of a clone share the name that histories know and keep their own", "[scheduler]") {
  const auto plan = plan_of(cluster("<clone id=\"c\">" + dummy("web") + "</clone>", "", "online"));
  std::vector<std::string> instances;
  for (const auto& action : plan.actions)
    if (action.task == "start" && action.kind == scheduler::ActionKind::resource) {
      CHECK(action.resource == "web");
      instances.push_back(action.instance + " on " + action.node);
    }
  std::sort(instances.begin(), instances.end());
  CHECK(instances.size() == 2);
  CHECK(instances.front().starts_with("web:0 on n"));
  CHECK(instances.back().starts_with("web:1 on n"));
}

TEST_CASE("plan: a start waits for the guard of a lost node unless that node is known not to have run it", "[scheduler]") {
  scheduler::PlanOptions guarded;
  guarded.guarded_nodes.insert("n1");
  const auto runnable = [&](const std::string& history) {
    const auto plan = plan_of(cluster(dummy("web"), history), guarded);
    const auto* start = find(plan, "web", "start", "n2");
    REQUIRE(start != nullptr);
    CHECK(plan.placements.at(0).blocked == !start->runnable);
    return start->runnable;
  };
  CHECK_FALSE(runnable(last("start", 0)));
  CHECK_FALSE(runnable(""));
  CHECK(runnable(last("stop", 0)));
  CHECK(runnable(last("monitor", 7)));
  CHECK_FALSE(runnable(last("stop", 1)));
  const auto later = plan_of(cluster(dummy("web"), last("start", 0)));
  CHECK(find(later, "web", "start", "n2")->runnable);
}

TEST_CASE("plan: what waits for something held back is not runnable either", "[scheduler]") {
  scheduler::PlanOptions guarded;
  guarded.guarded_nodes.insert("n1");
  const auto plan = plan_of(cluster("<group id=\"g\">" + dummy("web") + dummy("b") + "</group>", last("start", 0)), guarded);
  for (const auto& action : plan.actions) {
    for (const auto id : action.after) {
      CHECK(id < action.id);
      CHECK((plan.actions[id].runnable || !action.runnable));
    }
  }
  const auto* behind = find(plan, "b", "start", "n2");
  REQUIRE(behind != nullptr);
  CHECK_FALSE(behind->runnable);
}

TEST_CASE("plan: fencing is said and never waited for", "[scheduler]") {
  const std::string device = R"(<primitive id="fence" class="stonith" type="fence_ipmilan"/>)";
  const auto plan = plan_of(cluster(device + dummy("web"), last("start", 0), "offline", "true"));
  const auto fence = std::find_if(plan.actions.begin(), plan.actions.end(),
                                  [](const auto& a) { return a.kind == scheduler::ActionKind::fence; });
  REQUIRE(fence != plan.actions.end());
  CHECK_FALSE(fence->runnable);
  const auto* start = find(plan, "web", "start", "n2");
  CHECK((start == nullptr || !start->runnable));
  CHECK(std::any_of(plan.warnings.begin(), plan.warnings.end(),
                    [](const auto& w) { return w.starts_with("n1 should be fenced"); }));
}

TEST_CASE("plan: the history of what is no longer configured is forgotten when it is stopped", "[scheduler]") {
  const auto plan = plan_of(cluster("", last("start", 0), "online"));
  const auto* stop = find(plan, "web", "stop", "n1");
  REQUIRE(stop != nullptr);
  const auto forget = std::find_if(plan.actions.begin(), plan.actions.end(),
                                   [](const auto& a) { return a.kind == scheduler::ActionKind::forget; });
  REQUIRE(forget != plan.actions.end());
  CHECK(std::count(forget->after.begin(), forget->after.end(), stop->id) == 1);
}

TEST_CASE("plan: actions come after what they wait for, whatever the graph's order", "[scheduler]") {
  std::vector<std::string> warnings;
  const auto actions = read(R"(<transition_graph>
<synapse><action_set><rsc_op id="3" operation="start" operation_key="b_start_0" on_node="n1"><primitive id="b" class="ocf" type="D"/>
<attributes CRM_meta_timeout="7000" crm_feature_set="3.16.1" ip="1"/></rsc_op></action_set>
<inputs><trigger><rsc_op id="9"/></trigger></inputs></synapse>
<synapse><action_set><pseudo_event id="9" operation="start" operation_key="g_start_0"/></action_set><inputs/></synapse>
</transition_graph>)", warnings);
  REQUIRE(actions.size() == 2);
  CHECK(actions[0].kind == scheduler::ActionKind::pseudo);
  CHECK(actions[1].after == std::vector<scheduler::ActionId>{0});
  CHECK(actions[1].timeout == std::chrono::seconds(7));
  CHECK(actions[1].parameters == std::map<std::string, std::string>{{"ip", "1"}});
  CHECK(warnings.empty());
}

TEST_CASE("plan: actions that wait for each other, or for what is not there, are named and never runnable", "[scheduler]") {
  std::vector<std::string> warnings;
  const auto actions = read(R"(<transition_graph>
<synapse><action_set><pseudo_event id="1" operation="start" operation_key="a_start_0"/></action_set>
<inputs><trigger><pseudo_event id="2"/></trigger></inputs></synapse>
<synapse><action_set><pseudo_event id="2" operation="start" operation_key="b_start_0"/></action_set>
<inputs><trigger><pseudo_event id="1"/></trigger></inputs></synapse>
<synapse><action_set><pseudo_event id="4" operation="start" operation_key="c_start_0"/></action_set>
<inputs><trigger><pseudo_event id="77"/></trigger></inputs></synapse>
</transition_graph>)", warnings);
  REQUIRE(actions.size() == 3);
  for (const auto& action : actions) CHECK_FALSE(action.runnable);
  CHECK(warnings.size() == 3);
}
