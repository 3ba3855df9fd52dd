// The transition summary: which verb a resource's actions amount to, what stands in the brackets, and the columns.
#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "tests/unit/policy/set_builder.hpp"

using namespace relevo;
using namespace relevo::policy;

namespace {

std::string only_line(WorkingSet& set) {
  const auto lines = summary_text(summary(set));
  return lines.size() == 1 ? lines.front() : fmt::format("{} lines: {}", lines.size(), join(lines, "\n"));
}

}  // namespace

TEST_CASE("policy summary: a start says where, and why it cannot be", "[policy]") {
  test::SetBuilder build;
  Resource& ip = build.primitive("ip");
  Node& n1 = build.node("n1");
  build.starts_at(ip, n1);
  Action& start = build.action(ip, "start", &n1);
  CHECK(only_line(build.set()) == "  * Start      ip      (    n1 )");
  start.runnable = false;
  CHECK(only_line(build.set()) == "  * Start      ip      (    n1 )  blocked");
  start.reason = "no quorum";
  CHECK(only_line(build.set()) == "  * Start      ip      (    n1 )  due to no quorum (blocked)");
}

TEST_CASE("policy summary: what stays as it is has no line", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  build.runs_on(ip, n1);
  build.action(ip, "start", &n1).optional = true;
  CHECK(summary(build.set()).empty());
}

TEST_CASE("policy summary: nobody is told of resources that are not managed", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& ip = build.primitive("ip");
  build.starts_at(ip, n1);
  build.action(ip, "start", &n1);
  ip.managed = false;
  CHECK(summary(build.set()).empty());
}

TEST_CASE("policy summary: a required start on another node is a move, after a failure a recovery", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");
  build.runs_on(ip, n1);
  ip.assigned_to = &n2;
  build.action(ip, "start", &n2);
  build.action(ip, "stop", &n1).reason = "node availability";
  CHECK(only_line(build.set()) == "  * Move       ip      ( n1 -> n2 )  due to node availability");
  ip.failed = true;
  CHECK(only_line(build.set()) == "  * Recover    ip      ( n1 -> n2 )  due to node availability");
}

TEST_CASE("policy summary: a live migration is told as one", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& vm = build.primitive("vm");
  build.runs_on(vm, n1);
  vm.assigned_to = &n2;
  build.action(vm, "start", &n2);
  build.action(vm, "stop", &n1);
  build.action(vm, "migrate_from", &n2);
  CHECK(only_line(build.set()) == "  * Migrate    vm      ( n1 -> n2 )");
}

TEST_CASE("policy summary: roles are named where they matter", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Resource& db = build.primitive("db");
  build.runs_on(db, n1);
  db.role = Role::unpromoted;
  db.next_role = Role::promoted;
  build.action(db, "promote", &n1);
  CHECK(only_line(build.set()) == "  * Promote    db      ( Unpromoted -> Promoted n1 )");
  std::swap(db.role, db.next_role);
  build.action(db, "demote", &n1);
  CHECK(only_line(build.set()) == "  * Demote     db      ( Promoted -> Unpromoted n1 )");
}

TEST_CASE("policy summary: where a resource stops on several nodes, each has a line", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");
  build.runs_on(ip, n1);
  build.runs_on(ip, n2);
  ip.next_role = Role::stopped;
  ip.assigned_to = nullptr;
  build.action(ip, "stop", &n1);
  build.action(ip, "stop", &n2);
  const auto lines = summary_text(summary(build.set()));
  CHECK(join(lines, "\n") ==
        "  * Stop       ip      (    n1 )\n"
        "  * Stop       ip      (    n2 )");
}

TEST_CASE("policy summary: nodes come first, the last decision before the others; a shutdown is not printed", "[policy]") {
  test::SetBuilder build;
  Node& n1 = build.node("n1");
  Node& n2 = build.node("n2");
  Resource& ip = build.primitive("ip");
  build.starts_at(ip, n1);
  build.action(ip, "start", &n1);
  build.node_action(n1, "do_shutdown", "do_shutdown-n1");
  Action& fence = build.node_action(n2, "stonith", "stonith-n2-reboot");
  fence.meta["stonith_action"] = "reboot";
  fence.reason = "peer is no longer part of the cluster";
  const auto lines = summary(build.set());
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].verb == "Shutdown");
  CHECK(join(summary_text(lines), "\n") ==
        "  * Fence (reboot) n2 'peer is no longer part of the cluster'\n"
        "  * Start      ip      (    n1 )");
}

TEST_CASE("policy summary: the columns are as wide as the widest, names with room for a little more", "[policy]") {
  const std::vector<SummaryLine> lines{{"Start", "ip", "n1", "", false},
                                       {"Stop", "database", "a-longer-node", "", false}};
  CHECK(join(summary_text(lines), "\n") ==
        "  * Start      ip           (            n1 )\n"
        "  * Stop       database     ( a-longer-node )");
}
