// Properties of the scheduler over random clusters. See random_cib.hpp for what they look like.
#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "resmgr/cib/document.hpp"
#include "resmgr/scheduler/scheduler.hpp"
#include "tests/scheduler/carry_out.hpp"
#include "tests/scheduler/random_cib.hpp"
#include "tests/scheduler/support.hpp"

namespace {

using namespace relevo;

constexpr std::uint64_t seeds = 300;

cib::Document document_of(std::uint64_t seed) {
  auto document = cib::Document::parse(test::random_cib(seed));
  if (!document) FAIL(document.error().message);
  return std::move(*document);
}

scheduler::Plan plan_of(const cib::Document& document) {
  auto plan = scheduler::plan(document, test::some_time);
  REQUIRE(plan);
  return std::move(*plan);
}

}  // namespace

TEST_CASE("scheduler: after three plans at most there is nothing left to do", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    cib::Document document = document_of(seed);
    // What a failure or too many active copies forbade may be possible when they are gone: then there is one plan more.
    scheduler::Plan last;
    for (int round = 0; round < 3; ++round) test::carry_out(document, last = plan_of(document));
    const scheduler::Plan again = plan_of(document);
    // A monitor that failed and is no longer configured is cancelled in each plan: its failure stays in the history.
    const auto is_old = [&](const scheduler::Action& action) {
      return std::any_of(last.actions.begin(), last.actions.end(), [&](const auto& a) {
        return a.kind == scheduler::ActionKind::cancel && a.kind == action.kind && a.resource == action.resource;
      });
    };
    const auto undone = std::count_if(again.actions.begin(), again.actions.end(),
                                      [&](const auto& a) { return a.runnable && !is_old(a); });
    INFO(test::plan_text(again));
    CHECK(undone == 0);
  }
}

TEST_CASE("scheduler: an action waits only for actions before it, and never for one that cannot be done",
          "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const scheduler::Plan plan = plan_of(document_of(seed));
    for (std::size_t i = 0; i < plan.actions.size(); ++i) {
      const scheduler::Action& action = plan.actions[i];
      REQUIRE(action.id == i);
      for (const auto id : action.after) {
        CHECK(id < i);
        CHECK((plan.actions[id].runnable || !action.runnable));
      }
    }
  }
}

TEST_CASE("scheduler: what runs somewhere else is stopped there before it is started", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    const scheduler::Plan plan = plan_of(document_of(seed));
    for (const auto& placement : plan.placements) {
      if (placement.verdict != "Move") continue;
      const auto of_it = [&](const char* task, const std::string& node) {
        return std::find_if(plan.actions.begin(), plan.actions.end(), [&](const auto& a) {
          return a.resource == placement.resource && a.task == task && a.node == node;
        });
      };
      const auto start = of_it("start", placement.to), stop = of_it("stop", placement.from);
      REQUIRE(start != plan.actions.end());
      REQUIRE(stop != plan.actions.end());
      CHECK(std::count(start->after.begin(), start->after.end(), stop->id) == 1);
    }
  }
}
