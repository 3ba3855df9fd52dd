// What the end of an agent's run means.
#include <catch2/catch.hpp>

#include "resmgr/executor/outcome.hpp"
#include "tests/unit/executor/script.hpp"

using namespace relevo;
using namespace relevo::executor;

namespace {

ChildDone ended(int rc, std::string err = {}) {
  ChildDone done;
  done.exit_code = rc;
  done.err = std::move(err);
  return done;
}

const Operation start = testing::operation("a", "start");

}  // namespace

TEST_CASE("executor: the first exit reason line explains a failure, whatever else was printed", "[executor]") {
  const auto outcome =
      outcome_of(ended(1, "\x01\xff noise\nocf-exit-reason: no  disk \nocf-exit-reason:later\n"), start);
  CHECK(outcome.rc == 1);
  CHECK(outcome.status == OpStatus::done);
  CHECK(outcome.reason == "no  disk");
  CHECK(outcome_of(ended(0, "ocf-exit-reason:all is well\n"), start).reason.empty());
}

TEST_CASE("executor: an exit reason is made fit for a document", "[executor]") {
  CHECK(exit_reason_in("ocf-exit-reason:a\x01"
                       "b\xff"
                       "c\xc3\xb1\xc0\x80") == "a?b?c\xc3\xb1??");
  CHECK(exit_reason_in("ocf-exit-reason:" + std::string(5000, 'x')).size() == 512);
  CHECK(exit_reason_in("say ocf-exit-reason:inside") == "");
}

TEST_CASE("executor: a missing agent is not installed, one that cannot be executed lacks a right", "[executor]") {
  ChildDone missing;
  missing.found = false;
  CHECK(outcome_of(missing, start).rc == 5);
  CHECK(outcome_of(missing, start).status == OpStatus::not_installed);
  CHECK(outcome_of(missing, start).reason == "resource agent ocf:pacemaker:Dummy is not installed on this node");
  ChildDone forbidden;
  forbidden.started = forbidden.permitted = false;
  CHECK(outcome_of(forbidden, start).rc == 4);
  CHECK(outcome_of(forbidden, start).status == OpStatus::error);
}

TEST_CASE("executor: time-outs and signals are failures of their own", "[executor]") {
  auto late = ended(-1);
  late.timed_out = true;
  late.signal = 15;
  CHECK(outcome_of(late, start).status == OpStatus::timeout);
  CHECK(outcome_of(late, start).rc == 1);
  CHECK(outcome_of(late, start).reason == "resource agent did not finish within 20s");
  auto crashed = ended(-1);
  crashed.signal = 11;
  CHECK(outcome_of(crashed, start).status == OpStatus::error);
  CHECK(outcome_of(crashed, start).reason == "resource agent died of signal 11");
}

TEST_CASE("executor: an exit code that OCF does not know is reported with its number", "[executor]") {
  CHECK(outcome_of(ended(77), start).rc == 77);
  CHECK(outcome_of(ended(77), start).reason == "resource agent ended with 77, which is no OCF exit code");
  CHECK(outcome_of(ended(190), start).reason.empty());
}
