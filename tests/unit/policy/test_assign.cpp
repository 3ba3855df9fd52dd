// Assignment: who comes first, who stays, what is undone. Whole clusters are compared elsewhere; here is one rule at a time.
#include <catch2/catch.hpp>

#include "resmgr/policy/assign/assign.hpp"
#include "resmgr/policy/assign/list_sort.hpp"
#include "resmgr/policy/constraints/constraints.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

/// Two usable nodes on which every primitive of `made()` is allowed.
struct Cluster {
  test::SetBuilder build;
  AssignmentLog log;
  Node& n1 = usable("n1");
  Node& n2 = usable("n2");

  Cluster() {
    build.set().options.have_quorum = true;
    build.set().options.stonith_enabled = false;
  }
  Node& usable(const char* name) {
    Node& node = build.node(name);
    node.online = node.seen = true;
    return node;
  }
  Resource& made(const char* id) {
    Resource& rsc = build.primitive(id);
    for (const Node* node : build.set().nodes) rsc.allowed.allow(*node);
    return rsc;
  }
  void prefer(Resource& rsc, const Node& node, int score) {
    add_location_score(build.set(), rsc, &node, Score(score), Cause::location);
  }
  void together(Resource& dependent, Resource& primary, int score) {
    new_colocation(build.set(), "c", {}, score, dependent, primary, Role::unknown, Role::unknown, true);
  }
  Node* assigned(Resource& rsc) { return assign(build.set(), log, rsc, nullptr); }
};

}  // namespace

TEST_CASE("policy assign: equal nodes take turns, then the name decides", "[policy]") {
  Cluster on;
  CHECK(on.assigned(on.made("a")) == &on.n1);
  CHECK(on.assigned(on.made("b")) == &on.n2);
  CHECK(on.assigned(on.made("c")) == &on.n1);
}

TEST_CASE("policy assign: a primary goes where its dependent would rather be", "[policy]") {
  Cluster on;
  Resource& base = on.made("base");
  Resource& top = on.made("top");
  on.prefer(top, on.n2, 10);
  on.together(top, base, Score::infinity);
  CHECK(on.assigned(base) == &on.n2);
  CHECK(on.assigned(top) == &on.n2);
}

TEST_CASE("policy assign: a mandatory primary that cannot run takes its dependent's nodes", "[policy]") {
  Cluster on;
  Resource& base = on.made("base");
  Resource& top = on.made("top");
  on.prefer(base, on.n1, -Score::infinity);
  on.prefer(base, on.n2, -Score::infinity);
  on.together(top, base, Score::infinity);
  CHECK(on.assigned(top) == nullptr);
  CHECK(top.next_role == Role::stopped);
}

TEST_CASE("policy assign: an advisory ban that would leave no node is undone", "[policy]") {
  Cluster on;
  Resource& base = on.made("base");
  Resource& other = on.made("other");
  on.prefer(base, on.n1, 5);
  on.prefer(other, on.n2, -Score::infinity);
  on.together(other, base, -100);
  CHECK(on.assigned(other) == &on.n1);
}

TEST_CASE("policy assign: resources that wait for each other end somewhere", "[policy]") {
  Cluster on;
  Resource& a = on.made("a");
  Resource& b = on.made("b");
  on.together(a, b, Score::infinity);
  on.together(b, a, Score::infinity);
  CHECK(on.assigned(a) != nullptr);
  CHECK(on.assigned(b) == a.assigned_to);
}

TEST_CASE("policy assign: an unmanaged resource stays, even where it may not be", "[policy]") {
  Cluster on;
  Resource& rsc = on.made("a");
  rsc.managed = false;
  rsc.role = Role::started;
  rsc.running_on.push_back(&on.n2);
  on.prefer(rsc, on.n2, -Score::infinity);
  CHECK(on.assigned(rsc) == &on.n2);
}

TEST_CASE("policy assign: a try that is undone gives everything back", "[policy]") {
  Cluster on;
  Resource& rsc = on.made("a");
  rsc.utilization["cpu"] = 2;
  on.n1.capacity["cpu"] = 3;
  CHECK(assign_to(on.build.set(), rsc, &on.n1, false));
  CHECK(on.n1.capacity["cpu"] == 1);
  CHECK(on.n1.assigned == 1);
  unassign(on.build.set(), rsc);
  CHECK(on.n1.capacity["cpu"] == 3);
  CHECK(on.n1.assigned == 0);
  CHECK(rsc.provisional);
}

TEST_CASE("policy assign: sorting ends with any answers, and keeps equals in their order", "[policy]") {
  std::vector<int> rock_paper_scissors{0, 1, 2, 0, 1, 2};
  list_sort(rock_paper_scissors, [](int a, int b) { return a == b ? 0 : (a + 1) % 3 == b ? -1 : 1; });
  CHECK(rock_paper_scissors.size() == 6);
  std::vector<std::pair<int, char>> pairs{{1, 'a'}, {0, 'b'}, {1, 'c'}, {0, 'd'}};
  list_sort(pairs, [](const auto& a, const auto& b) { return a.first - b.first; });
  CHECK(pairs == std::vector<std::pair<int, char>>{{0, 'b'}, {0, 'd'}, {1, 'a'}, {1, 'c'}});
}
