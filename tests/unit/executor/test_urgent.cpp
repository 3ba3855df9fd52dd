// What is active, stopping everything, states seen from outside, what an earlier run of the daemon had.
#include <catch2/catch.hpp>

#include "tests/unit/executor/script.hpp"

using namespace relevo;
using namespace relevo::executor;
using namespace relevo::executor::testing;

namespace {

std::string active_names(const Core& core) {
  std::string names;
  for (const auto& op : core.actives()) names += op.resource;
  return names;
}

}  // namespace

TEST_CASE("executor: active is what was started or seen running and not stopped since", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  CHECK(active_names(s.core) == "");
  s.done(0);
  CHECK(s.last.actives_changed);
  s.execute(operation("b", "monitor"));
  s.done(7);
  s.execute(operation("c", "monitor"));
  s.done(0);
  s.execute(operation("d", "start"));
  s.done(1);
  s.execute(operation("e", "start"));
  s.done(5);
  CHECK(active_names(s.core) == "acd");  // d failed half-way and may hold something; e has no agent that could
  s.execute(operation("a", "stop"));
  s.done(1);
  CHECK(active_names(s.core) == "acd");
  s.execute(operation("a", "stop"));
  s.done(0);
  CHECK(active_names(s.core) == "cd");
  s.execute(operation("c", "monitor"));
  s.done(7);
  CHECK(active_names(s.core) == "d");
}

TEST_CASE("executor: stopping everything stops the idle, kills what runs and drops what waits", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  s.done(0);
  s.execute(operation("a", "monitor", 10s));  // run 2
  s.execute(operation("b", "start"));         // run 3
  s.execute(operation("b", "promote"));
  CHECK(s.feed(StopAll{}) == "kill 2 | b promote rc=193 status=1 | kill 3");
  CHECK(s.core.stopping());
  CHECK(s.done(0, 2) == "run a stop");
  CHECK(s.done(1, 3) == "b start rc=193 status=1 | run b stop");
  s.done(0, 4);
  CHECK(s.core.stopping());
  s.done(0, 5);
  CHECK_FALSE(s.core.stopping());
  CHECK(s.core.actives().empty());
  CHECK(s.core.recurring().empty());
}

TEST_CASE("executor: stopping everything twice stops once, and a stop that runs is left alone", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  s.done(0);
  CHECK(s.execute(operation("a", "stop")) == "run a stop");
  CHECK(s.feed(StopAll{}) == "");
  CHECK(s.feed(StopAll{}) == "");
  CHECK(s.done(0) == "a stop rc=0 status=0");
  CHECK(s.core.busy() == 0);
}

TEST_CASE("executor: what is seen from outside is the recurring monitor's result, until a stop is on its way",
          "[executor]") {
  Script s;
  s.execute(operation("vip", "start"));
  s.done(0);
  auto monitor = operation("vip", "monitor", 10s);
  monitor.transition_key = "3:1:0:x";
  s.execute(monitor);
  s.done(0);
  CHECK(s.feed(Observe{"vip", 7, "gone"}) == "vip monitor rc=7 status=0");
  CHECK(s.results.back().operation.transition_key == "3:1:0:x");
  CHECK(s.results.back().operation.interval == 10s);
  CHECK(s.results.back().exit_reason == "gone");
  CHECK(s.after(10s) == "run vip monitor");
  CHECK(s.done(0) == "vip monitor rc=0 status=0");  // it is back: that is a change again
  s.execute(operation("vip", "stop"));
  CHECK(s.feed(Observe{"vip", 7, "gone"}) == "");
  CHECK(s.feed(Observe{"nobody", 7, "gone"}) == "");
}

TEST_CASE("executor: without a recurring monitor an observation is a monitor of its own", "[executor]") {
  Script s;
  s.execute(operation("vip", "start"));
  s.done(0);
  CHECK(s.feed(Observe{"vip", 7, "gone"}) == "vip monitor rc=7 status=0");
  CHECK(s.results.back().operation.interval == 0s);
}

TEST_CASE("executor: after a restart of the daemon what it had is active and watched again", "[executor]") {
  Script before;
  before.execute(operation("a", "start"));
  before.done(0);
  before.execute(operation("a", "monitor", 10s));
  before.done(0);
  Script after;
  CHECK(after.feed(Restore{before.core.actives(), before.core.recurring()}) == "run a monitor");
  CHECK(active_names(after.core) == "a");
  CHECK(after.done(0) == "a monitor rc=0 status=0");
  CHECK(after.after(10s) == "run a monitor");
}
