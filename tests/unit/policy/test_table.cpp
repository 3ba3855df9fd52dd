// Scores by node and the ledger of what made them.
#include <catch2/catch.hpp>

#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

TEST_CASE("policy table: a node that was not allowed has no score, and adding to it does nothing", "[policy]") {
  test::SetBuilder build;
  const Node& a = build.node("a");
  const Node& b = build.node("b");
  NodeTable table;
  CHECK(table.empty());
  table.allow(b);
  build.set().add_score(table, a, Score(5), Cause::location, "l1");
  build.set().add_score(table, b, Score(5), Cause::location, "l1");
  CHECK(table.find(a) == nullptr);
  REQUIRE(table.find(b) != nullptr);
  CHECK(table.find(b)->score == Score(5));
  table.disallow(b);
  CHECK(table.empty());
}

TEST_CASE("policy table: allowing a node again leaves its score", "[policy]") {
  test::SetBuilder build;
  const Node& a = build.node("a");
  NodeTable table;
  table.allow(a).score = Score(7);
  CHECK(table.allow(a).score == Score(7));
}

TEST_CASE("policy table: a score knows everything that made it, the last first", "[policy]") {
  test::SetBuilder build;
  const Node& a = build.node("a");
  WorkingSet& set = build.set();
  NodeTable table;
  table.allow(a);
  set.add_score(table, a, Score(100), Cause::location, "l1");
  set.add_score(table, a, Score(1), Cause::stickiness);
  set.set_score(table, a, Score(-Score::infinity), Cause::migration_threshold, "rsc");
  const Contribution& last = set.ledger.at(table.find(a)->because);
  CHECK(last.sets);
  CHECK(last.cause == Cause::migration_threshold);
  const Contribution& middle = set.ledger.at(last.before);
  CHECK(middle.cause == Cause::stickiness);
  const Contribution& first = set.ledger.at(middle.before);
  CHECK(first.subject == "l1");
  CHECK(first.delta == Score(100));
  CHECK(first.before == Ledger::allowed);
  CHECK(set.ledger.at(Ledger::allowed).sets);
  CHECK(set.ledger.at(Ledger::allowed).before == 0);
}

TEST_CASE("policy table: a copy can be changed and given up without a trace in the original", "[policy]") {
  test::SetBuilder build;
  const Node& a = build.node("a");
  NodeTable table;
  table.allow(a);
  NodeTable trial = table;
  build.set().add_score(trial, a, Score(9), Cause::colocation, "c1");
  CHECK(table.find(a)->score == Score(0));
  CHECK(table.find(a)->because == Ledger::allowed);
}

TEST_CASE("policy set: nodes stand in the order of their names, a name counts once", "[policy]") {
  test::SetBuilder build;
  Node& late = build.node("zeta");
  build.node("alpha");
  CHECK(build.set().nodes.front()->name == "alpha");
  CHECK(&build.node("zeta") == &late);
  CHECK(build.set().nodes.size() == 2);
  CHECK(late.index == 0);
}

TEST_CASE("policy set: the earliest time to look again counts, and only times to come do", "[policy]") {
  test::SetBuilder build;
  WorkingSet& set = build.set();
  set.recheck_at(WallTime{5});
  CHECK_FALSE(set.recheck_by);
  set.recheck_at(WallTime{2'000'000});
  set.recheck_at(WallTime{1'500'000});
  set.recheck_at(WallTime{1'800'000});
  CHECK(set.recheck_by == WallTime{1'500'000});
}
