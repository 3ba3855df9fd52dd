// Plans told to people and programs.
#include "resmgr/scheduler/render.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace {

using namespace relevo;
using scheduler::Plan;

/// vip moves from a to b because of a preference.
Plan a_move() {
  Plan plan;
  plan.placements = {{"vip", "a", "b", "Move", "b: best score (50)", false},
                     {"longer-name", "", "a", "Start", "", false}};
  plan.scores = {
      {"vip", "a", model::Score(1), {{"stickiness", "resource-stickiness", model::Score(1), "it runs here now"}}},
      {"vip", "b", model::Score(50), {{"location", "l1", model::Score(50), "constraint l1"}}}};
  return plan;
}

model::ClusterState two_nodes() {
  model::ClusterState state;
  for (const char* name : {"a", "b"}) {
    model::Node node;
    node.uname = name;
    node.online = true;
    state.nodes.push_back(node);
  }
  return state;
}

}  // namespace

TEST_CASE("render: the transition summary aligns names and places, as crm_simulate does", "[scheduler]") {
  const auto lines = scheduler::summary_lines(a_move());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "  * Move       vip         ( a -> b )");
  CHECK(lines[1] == "  * Start      longer-name (      a )");
}

TEST_CASE("render: an explanation names every node's score and what made it, best first", "[scheduler]") {
  const auto lines = scheduler::explain(two_nodes(), a_move(), "vip");
  REQUIRE(lines);
  CHECK(join(*lines, "\n") ==
        "vip: it moves from a to b: b: best score (50)\n"
        "  b: 50 <- chosen\n"
        "           50  location: constraint l1\n"
        "  a: 1\n"
        "            1  stickiness: it runs here now");
}

TEST_CASE("render: an explanation as data says the same", "[scheduler]") {
  const auto data = scheduler::explain_json(two_nodes(), a_move(), "vip");
  REQUIRE(data);
  CHECK(data->at("verdict") == "Move");
  CHECK(data->at("nodes").at(0).at("node") == "b");
  CHECK(data->at("nodes").at(0).at("chosen") == true);
  CHECK(data->at("nodes").at(1).at("because").at(0).at("rule") == "stickiness");
}

TEST_CASE("render: a mistyped resource is an error that suggests the near one", "[scheduler]") {
  const auto lines = scheduler::explain(two_nodes(), a_move(), "vpi");
  REQUIRE_FALSE(lines);
  CHECK(lines.error().kind == ErrorKind::not_found);
  CHECK(lines.error().message == "there is no resource 'vpi'; did you mean 'vip'?");
}
