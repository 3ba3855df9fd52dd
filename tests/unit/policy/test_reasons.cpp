// Reasons of actions.
#include <catch2/catch.hpp>

#include "resmgr/policy/graph/reasons.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

TEST_CASE("policy reasons: a start says where the resource comes from and where it goes", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");
  ip.running_on.push_back(&n1);
  ip.role = Role::started;
  ip.assigned_to = &n2;
  ip.next_role = Role::started;
  Action& start = build.action(ip, "start", &n2);
  start.optional = false;
  const auto reasons = reasons_of(start, OrderingIds(build.set()));
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].cause == ActionCause::state);
  CHECK(reasons[0].text == "ip moves from n1 to n2");
}

TEST_CASE("policy reasons: what a dependency requires names the action and the order constraint", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& db = build.primitive("db");
  Resource& app = build.primitive("app");
  Action& stop = build.action(app, "stop", &n1);
  Action& cause = build.action(db, "stop", &n1);
  stop.optional = false;
  stop.required_by = &cause;
  order_resources(build.set(), app, "stop", db, "stop", order::implies_first);
  build.set().orderings.back().id = "app-after-db";
  const auto reasons = reasons_of(stop, OrderingIds(build.set()));
  REQUIRE(!reasons.empty());
  CHECK(reasons[0].cause == ActionCause::dependency);
  CHECK(reasons[0].from == &cause);
  CHECK(reasons[0].constraint == "app-after-db");
}

TEST_CASE("policy reasons: an optional action that cannot run says both", "[policy]") {
  test::SetBuilder build;
  Resource& ip = build.primitive("ip");
  Action& start = build.action(ip, "start", nullptr);
  start.optional = true;
  block(start, "no node");
  const auto reasons = reasons_of(start, OrderingIds(build.set()));
  REQUIRE(reasons.size() == 2);
  CHECK(reasons[0].cause == ActionCause::not_needed);
  CHECK(reasons[1].cause == ActionCause::blocked);
  CHECK(reasons[1].text == "no node");
}
