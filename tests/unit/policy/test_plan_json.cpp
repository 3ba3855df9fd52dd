// The plan as data.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/plan_json.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

TEST_CASE("policy plan as data: scores come best first, each with what made it in order", "[policy]") {
  test::SetBuilder build;
  const Node& a = build.node("a");
  const Node& b = build.node("b");
  Resource& ip = build.primitive("ip");
  WorkingSet& set = build.set();
  ip.allowed.allow(a);
  ip.allowed.allow(b);
  set.add_score(ip.allowed, b, Score(50), Cause::location, "l1");
  set.add_score(ip.allowed, b, Score(1), Cause::stickiness);
  set.set_score(ip.allowed, a, Score(-Score::infinity), Cause::migration_threshold);
  const auto scores = scores_json(set, ip);
  REQUIRE(scores.size() == 2);
  CHECK(scores[0]["node"] == "b");
  CHECK(scores[0]["score"] == "51");
  CHECK(scores[0]["because"][0]["sets"] == true);
  CHECK(scores[0]["because"][1]["subject"] == "l1");
  CHECK(scores[0]["because"][2]["score"] == "1");
  CHECK(scores[1]["score"] == "-INFINITY");
  CHECK(scores[1]["because"][1]["sets"] == true);
}

TEST_CASE("policy plan as data: placements, actions and what they wait for", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  build.starts_at(ip, n1);
  Action& start = build.action(ip, "start", &n1);
  Action& monitor = build.action(ip, "monitor", &n1);
  build.order(start, monitor, order::runnable_left);
  static_cast<void>(make_graph(build.set(), 0));
  const auto plan = plan_json(build.set());
  CHECK(plan["placements"][0]["resource"] == "ip");
  CHECK(plan["placements"][0]["assigned_to"] == "n1");
  CHECK(plan["placements"][0]["changes"][0]["verdict"] == "Start");
  CHECK(plan["actions"][1]["waits_for"] == nlohmann::json::array({start.id}));
  CHECK(plan["actions"][1]["carried_out"] == true);
  CHECK(plan["recheck_by"].is_null());
}
