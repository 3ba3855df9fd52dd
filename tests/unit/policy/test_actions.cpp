// Making actions and dependencies: what is made once, what is required, what can run.
#include <catch2/catch.hpp>

#include "resmgr/policy/actions/actions.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// A managed primitive with operations, in a cluster with quorum.
struct Cluster {
  test::SetBuilder build;
  pugi::xml_document xml;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");

  explicit Cluster(const char* operations = "") {
    xml.load_string(fmt::format("<primitive id='ip'><operations>{}</operations></primitive>", operations).c_str());
    ip.xml = xml.first_child();
    build.set().options.have_quorum = true;
  }
  Action& action(std::string_view task, Node* node, bool optional) { return rsc_action(build.set(), ip, task, node, optional); }
};

}  // namespace

TEST_CASE("policy actions: one for each key and node, required as soon as anybody requires it", "[policy]") {
  Cluster on;
  Action& first = on.action("start", &on.n1, true);
  CHECK(first.optional);
  CHECK(first.runnable);
  CHECK(&on.action("start", &on.n1, false) == &first);
  CHECK_FALSE(first.optional);
  CHECK(&on.action("start", &on.n1, true) == &first);
  CHECK_FALSE(first.optional);
  CHECK(&on.action("start", &on.n2, true) != &first);
}

TEST_CASE("policy actions: one without a node gets the first node that asks for it", "[policy]") {
  Cluster on;
  Action& start = on.action("start", nullptr, true);
  CHECK_FALSE(start.runnable);
  CHECK(&on.action("start", &on.n2, true) == &start);
  CHECK(start.node == &on.n2);
  CHECK(start.runnable);
}

TEST_CASE("policy actions: an unmanaged resource's action is optional, its monitor is not", "[policy]") {
  Cluster on("<op id='m' name='monitor' interval='10s'/>");
  on.ip.managed = false;
  CHECK(on.action("start", &on.n1, false).optional);
  CHECK_FALSE(custom_action(on.build.set(), &on.ip, "ip_monitor_10000", "monitor", &on.n1, false).optional);
}

TEST_CASE("policy actions: without quorum nothing starts that needs it, and stops are possible", "[policy]") {
  Cluster on;
  on.build.set().options.have_quorum = false;
  on.ip.needs_quorum = true;
  const Action& start = on.action("start", &on.n1, false);
  CHECK_FALSE(start.runnable);
  CHECK(start.reason == "no quorum");
  CHECK(on.action("stop", &on.n1, false).runnable);
}

TEST_CASE("policy actions: options are the operation's, then the defaults'", "[policy]") {
  Cluster on("<op id='m' name='monitor' interval='10s' timeout='7s'/><op id='s' name='stop' interval='0' on-fail='ignore' timeout='1min'/>");
  CHECK(on.action("monitor", &on.n1, false).meta.at("timeout") == "7000");
  CHECK(on.action("stop", &on.n1, false).meta.at("timeout") == "60000");
  CHECK(on.action("stop", &on.n1, false).on_fail == OnFail::ignore);
  CHECK(on.action("start", &on.n1, false).meta.at("timeout") == "20000");
  CHECK(on.action("start", &on.n1, false).on_fail == OnFail::restart);
}

TEST_CASE("policy actions: a demote fails as the promoted monitor does, and says so if it blocks", "[policy]") {
  Cluster blocks("<op id='m' name='monitor' interval='10s' role='Promoted' on-fail='block'/>");
  CHECK(blocks.action("demote", &blocks.n1, false).on_fail == OnFail::block);
  CHECK(blocks.action("demote", &blocks.n1, false).meta.at("on-fail") == "block");
  Cluster ignores("<op id='m' name='monitor' interval='10s' role='Promoted' on-fail='ignore'/>");
  CHECK(ignores.action("demote", &ignores.n1, false).on_fail == OnFail::ignore);
  CHECK_FALSE(ignores.action("demote", &ignores.n1, false).meta.contains("on-fail"));
}

TEST_CASE("policy actions: a dependency is made once for each bit of its kind", "[policy]") {
  Cluster on;
  Action& stop = on.action("stop", &on.n1, true);
  Action& start = on.action("start", &on.n1, true);
  CHECK(order_actions(stop, start, order::optional));
  CHECK_FALSE(order_actions(stop, start, order::optional | order::implies_then));
  CHECK(order_actions(stop, start, order::implies_then));
  CHECK_FALSE(order_actions(stop, stop, order::optional));
  CHECK_FALSE(order_actions(stop, start, order::none));
  CHECK(start.before.size() == 2);
  CHECK(stop.after.size() == 2);
}

TEST_CASE("policy actions: a cancel takes the place of the operation that it ends", "[policy]") {
  Cluster on("<op id='m' name='monitor' interval='10s'/>");
  WorkingSet& set = on.build.set();
  Action& monitor = custom_action(set, &on.ip, "ip_monitor_10000", "monitor", &on.n1, true);
  const Action& cancel = new_cancel_action(set, on.ip, "monitor", 10s, on.n1);
  CHECK(&cancel == &monitor);
  CHECK(cancel.task == "cancel");
  CHECK_FALSE(cancel.optional);
  CHECK(cancel.meta.at("operation") == "monitor");
}

TEST_CASE("policy roles: there is one way from role to role", "[policy]") {
  CHECK(next_step(Role::promoted, Role::stopped) == Role::unpromoted);
  CHECK(next_step(Role::unpromoted, Role::stopped) == Role::stopped);
  CHECK(next_step(Role::stopped, Role::promoted) == Role::unpromoted);
  CHECK(next_step(Role::started, Role::promoted) == Role::promoted);
  CHECK(next_step(Role::unpromoted, Role::started) == Role::stopped);
}
