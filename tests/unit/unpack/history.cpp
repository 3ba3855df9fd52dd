// What the history of operations means: is it active, has it failed, what must not be done.
#include "tests/unit/unpack/make.hpp"

using namespace relevo;
using namespace relevo::test;
using model::Role;

namespace {

const std::string started = result("vip_last_0", "start", 5, 0);
const std::string watched = result("vip_monitor_10000", "monitor", 6, 0, 0, 10000);
const std::string failed_watch = result("vip_last_failure_0", "monitor", 7, 7, 0, 10000);

Parts with_monitor(const std::string& on_fail, const std::string& metas = "") {
  Parts parts;
  parts.resources = primitive(metas, R"(<op id="mon" name="monitor" interval="10s" on-fail=")" + on_fail + R"("/>)");
  return parts;
}

}  // namespace

TEST_CASE("unpack: a start makes active, a later stop inactive, whatever their order in the document", "[unpack]") {
  CHECK(vip_with(started + watched).active_on == std::vector<std::string>{"a"});
  CHECK(vip_with(started).role == Role::started);
  const std::string stopped = result("vip_last_0", "stop", 9, 0);
  CHECK_FALSE(vip_with(stopped + watched).active());
  CHECK_FALSE(vip_with(watched + stopped).active());
}

TEST_CASE("unpack: a probe tells what it found, and neither answer is a failure", "[unpack]") {
  const auto absent = vip_with(result("vip_last_0", "monitor", 1, 7, 7));
  CHECK_FALSE(absent.active());
  CHECK(absent.known_on.contains("a"));
  const auto found = vip_with(result("vip_last_0", "monitor", 1, 0, 7));
  CHECK(found.active());
  CHECK_FALSE(found.failed);
}

TEST_CASE("unpack: what was never looked at is not known", "[unpack]") {
  Parts parts;
  parts.status = state_of_a();
  CHECK(unpacked(parts).resource("vip")->known_on.empty());
}

TEST_CASE("unpack: a failed monitor means active and failed, and is listed once", "[unpack]") {
  Parts parts;
  parts.status = state_of_a(history_of_vip(started + watched + failed_watch));
  const auto state = unpacked(parts);
  CHECK(state.resource("vip")->failed);
  CHECK(state.resource("vip")->active());
  REQUIRE(state.failures.size() == 1);
  CHECK(state.failures[0].node == "a");
  CHECK(state.failures[0].entry.rc == 7);
}

TEST_CASE("unpack: a successful start after a failure forgives it", "[unpack]") {
  const auto resource = vip_with(failed_watch + result("vip_last_0", "start", 9, 0));
  CHECK_FALSE(resource.failed);
  CHECK(resource.active());
}

TEST_CASE("unpack: on-fail decides what a failed monitor leads to", "[unpack]") {
  const std::string all = started + watched + failed_watch;
  CHECK(vip_with(all, with_monitor("ignore")).failure_ignored);
  CHECK_FALSE(vip_with(all, with_monitor("ignore")).failed);
  CHECK(vip_with(all, with_monitor("block")).blocked);
  CHECK_FALSE(vip_with(all, with_monitor("block")).managed);
  CHECK(vip_with(all, with_monitor("stop")).next_role == Role::stopped);
  Parts parts = with_monitor("standby");
  parts.status = state_of_a(history_of_vip(all));
  CHECK(unpacked(parts).node("a")->standby_on_fail);
}

TEST_CASE("unpack: a failed stop without fencing blocks, and bans the node", "[unpack]") {
  const auto resource = vip_with(result("vip_last_0", "stop", 9, 1));
  CHECK(resource.blocked);
  CHECK(resource.active());
  CHECK(resource.bans.at("a").front().rule == "stop-failure");
}

TEST_CASE("unpack: an agent that is missing bans its node, a wrong configuration every node", "[unpack]") {
  CHECK(vip_with(result("vip_last_0", "monitor", 1, 5, 7)).bans.at("a").front().rule == "hard-error");
  CHECK_FALSE(vip_with(result("vip_last_0", "monitor", 1, 5, 7)).active());
  CHECK(vip_with(result("vip_last_0", "start", 1, 6)).bans.at("").front().rule == "fatal-error");
}

TEST_CASE("unpack: an operation in flight is told, and a start counts as active", "[unpack]") {
  const auto resource = vip_with(result("vip_last_0", "start", -1, 193, 0, 0, -1));
  CHECK(resource.start_pending);
  CHECK(resource.active());
  CHECK(resource.pending_task == "start");
  const auto stopping = vip_with(watched + result("vip_last_0", "stop", -1, 193, 0, 0, -1));
  CHECK(stopping.active());
  CHECK(stopping.pending_task == "stop");
}

TEST_CASE("unpack: fail counts of all operations of a resource are summed", "[unpack]") {
  const std::string counts = pair("fail-count-vip#monitor_10000", "2") + pair("fail-count-vip#start_0", "1") +
                             pair("fail-count-vip2#start_0", "50");
  CHECK(vip_with(started, {}, counts).fail_counts.at("a").count == 3);
}

TEST_CASE("unpack: a fail count older than failure-timeout no longer counts", "[unpack]") {
  const std::string old = pair("fail-count-vip", "3") + pair("last-failure-vip", std::to_string(now.seconds - 61));
  const auto expired =
      vip_with(started, with_monitor("restart", pair("failure-timeout", "60s")), old).fail_counts.at("a");
  CHECK(expired.expired);
  CHECK(expired.effective == 0);
  CHECK(expired.count == 3);
}

TEST_CASE("unpack: the state says when the next failure will have expired", "[unpack]") {
  Parts parts = with_monitor("restart", pair("failure-timeout", "60s"));
  parts.status = state_of_a(history_of_vip(started),
                            pair("fail-count-vip", "3") + pair("last-failure-vip", std::to_string(now.seconds - 20)));
  CHECK(unpacked(parts).recheck_at == WallTime{now.seconds + 41});
}

TEST_CASE("unpack: a resource that only the history knows is an orphan", "[unpack]") {
  Parts parts;
  parts.resources = "";
  parts.status = state_of_a(history_of_vip(started));
  const auto state = unpacked(parts);
  REQUIRE(state.resource("vip"));
  CHECK(state.resource("vip")->orphan);
  CHECK(state.resource("vip")->managed);
  CHECK(state.resource("vip")->bans.contains(""));
  parts.options += pair("stop-orphan-resources", "false");
  CHECK_FALSE(unpacked(parts).resource("vip")->managed);
}

TEST_CASE("unpack: without fencing a lost node holds nothing, and it is remembered what it held", "[unpack]") {
  Parts parts;
  parts.status =
      state_of_a(history_of_vip(started), "", R"(in_ccm="false" crmd="offline" join="down" expected="member")");
  const auto state = unpacked(parts);
  CHECK_FALSE(state.resource("vip")->active());
  CHECK(state.resource("vip")->lost_on == std::set<std::string>{"a"});
}

TEST_CASE("unpack: with fencing a lost node still holds what it held, and is unclean", "[unpack]") {
  Parts parts;
  parts.options = pair("stonith-enabled", "true");
  parts.status =
      state_of_a(history_of_vip(started), "", R"(in_ccm="false" crmd="offline" join="down" expected="member")");
  const auto state = unpacked(parts);
  CHECK(state.resource("vip")->active());
  CHECK(state.node("a")->unclean);
}

TEST_CASE("unpack: another agent in the history than in the configuration is noticed", "[unpack]") {
  Parts parts;
  parts.status = state_of_a(history_of_vip(started, "Dummy"));
  CHECK(unpacked(parts).resource("vip")->agent_changed);
}

TEST_CASE("unpack: nonsense in the history is passed over", "[unpack]") {
  const std::string odd =
      R"(<lrm_rsc_op id="vip_x" operation="start" op-status="77" rc-code="0"/>)"
      R"(<lrm_rsc_op id="vip_y" operation="start" op-status="0" rc-code="99999999999999" call-id="x"/>)";
  CHECK_NOTHROW(vip_with(odd));
}
