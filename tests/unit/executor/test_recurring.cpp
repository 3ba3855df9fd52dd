// Recurring operations: their schedule, what is reported, repeats and cancels.
#include <catch2/catch.hpp>

#include "tests/unit/executor/script.hpp"

using namespace relevo;
using namespace relevo::executor;
using namespace relevo::executor::testing;

TEST_CASE("executor: a recurring monitor reports its first and its changed results only", "[executor]") {
  Script s;
  CHECK(s.execute(operation("a", "monitor", 10s)) == "run a monitor");
  CHECK(s.done(0) == "a monitor rc=0 status=0");
  CHECK(s.after(9999ms) == "");
  CHECK(s.after(1ms) == "run a monitor");
  CHECK(s.done(0) == "");
  CHECK(s.after(10s) == "run a monitor");
  CHECK(s.done(7) == "a monitor rc=7 status=0");
  CHECK(s.after(10s) == "run a monitor");
  CHECK(s.done(7) == "");
  CHECK(s.after(10s) == "run a monitor");
  CHECK(s.done(0) == "a monitor rc=0 status=0");
}

TEST_CASE("executor: the interval counts from the end of a run, so slow monitors never pile up", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  CHECK(s.after(25s) == "");
  s.done(0);
  CHECK(s.core.next_deadline() == s.now + 10s);
}

TEST_CASE("executor: a repeat of a recurring operation runs it now and reports under the new call id", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  s.done(0);
  auto repeat = operation("a", "monitor", 10s);
  repeat.transition_key = "5:6:0:x";
  CHECK(s.execute(repeat) == "run a monitor");
  CHECK(s.done(0) == "a monitor rc=0 status=0");
  CHECK(s.results.back().call_id == 2);
  CHECK(s.results.back().operation.transition_key == "5:6:0:x");
  CHECK(s.core.recurring().size() == 1);
}

TEST_CASE("executor: a repeat that comes during the run gets a run of its own", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  CHECK(s.execute(operation("a", "monitor", 10s)) == "");
  CHECK(s.done(0) == "run a monitor");
  CHECK(s.done(0) == "a monitor rc=0 status=0");
  CHECK(s.results.back().call_id == 2);
}

TEST_CASE("executor: monitors of different intervals are different operations", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  s.execute(operation("a", "monitor", 11s));
  CHECK(s.core.recurring().size() == 2);
}

TEST_CASE("executor: cancelling what waits removes it, and what is unknown is no failure", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  s.done(0);
  CHECK(s.execute(cancel_of("a", "monitor", 10s)) == "a cancel rc=0 status=0");
  CHECK(s.after(1min) == "");
  CHECK(s.execute(cancel_of("a", "monitor", 10s)) == "a cancel rc=0 status=0");
  CHECK(s.core.recurring().empty());
}

TEST_CASE("executor: cancelling what runs lets it end, then answers, and its result is not reported", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  CHECK(s.execute(cancel_of("a", "monitor", 10s)) == "");
  CHECK(s.core.recurring().empty());
  CHECK(s.done(7) == "a cancel rc=0 status=0");
  CHECK(s.after(1min) == "");
}

TEST_CASE("executor: a cancel that was overtaken by a new order is still answered", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  s.execute(cancel_of("a", "monitor", 10s));
  CHECK(s.execute(operation("a", "monitor", 10s)) == "a cancel rc=0 status=0");
  CHECK(s.done(0) == "run a monitor");
  CHECK(s.done(0) == "a monitor rc=0 status=0");
}

TEST_CASE("executor: cancelling a queued one-shot operation answers for both", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  s.execute(operation("a", "notify"));
  CHECK(s.execute(cancel_of("a", "notify", 0s)) == "a notify rc=193 status=1 | a cancel rc=0 status=0");
  CHECK(s.done(0) == "a start rc=0 status=0");
}

TEST_CASE("executor: a stop ends the recurring operations first, also one that is queued", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  s.done(0);
  s.execute(operation("a", "monitor", 10s));
  s.execute(operation("a", "monitor", 20s));
  CHECK(s.execute(operation("a", "stop")) == "");
  CHECK(s.done(0) == "run a stop");
  CHECK(s.done(0) == "a stop rc=0 status=0");
  CHECK(s.after(1h) == "");
  CHECK(s.core.next_deadline() == std::nullopt);
}

TEST_CASE("executor: the time of the last change stays while results stay the same", "[executor]") {
  Script s;
  s.execute(operation("a", "monitor", 10s));
  s.done(0);
  s.after(10s);
  s.done(0);
  s.after(10s);
  s.done(7);
  CHECK(s.results[0].last_rc_change.seconds == 100);
  CHECK(s.results[1].last_rc_change.seconds == 120);
}
