// Properties of the scheduler over random clusters. See random_cib.hpp for what they look like.
#include <fmt/core.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "resmgr/cib/unpack.hpp"
#include "resmgr/scheduler/render.hpp"
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
  const auto state = cib::unpack(document, test::some_time);
  REQUIRE(state);
  auto plan = scheduler::plan(*state, test::some_time);
  REQUIRE(plan);
  return std::move(*plan);
}

/// Puts the children of an element in a random order.
void shuffle(pugi::xml_node parent, Rng& rng) {
  const auto count = static_cast<std::uint64_t>(std::distance(parent.begin(), parent.end()));
  for (std::uint64_t i = 0; i < count; ++i) {
    pugi::xml_node any = parent.first_child();
    for (std::uint64_t skip = rng.below(count); skip > 0; --skip) any = any.next_sibling();
    parent.append_move(any);
  }
}

void shuffle_what_has_no_order(cib::Document& document, Rng& rng) {
  shuffle(document.configuration().child("nodes"), rng);
  shuffle(document.configuration().child("constraints"), rng);
  pugi::xml_node status = document.root().child("status");
  shuffle(status, rng);
  for (pugi::xml_node node_state : status.children()) {
    shuffle(node_state.child("transient_attributes").child("instance_attributes"), rng);
    pugi::xml_node resources = node_state.child("lrm").child("lrm_resources");
    shuffle(resources, rng);
    for (pugi::xml_node resource : resources.children()) shuffle(resource, rng);
  }
}

}  // namespace

TEST_CASE("scheduler: the contributions of every score add up to it", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    for (const auto& entry : plan_of(document_of(seed)).scores) {
      model::Score sum;
      for (const auto& because : entry.because) {
        CHECK_FALSE(because.text.empty());
        sum = sum + because.score;
      }
      CHECK(sum == entry.score);
    }
  }
}

TEST_CASE("scheduler: the order of nodes, constraints and history in the document means nothing", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    cib::Document document = document_of(seed);
    const std::string before = test::plan_text(plan_of(document));
    Rng rng(seed);
    shuffle_what_has_no_order(document, rng);
    CHECK(test::plan_text(plan_of(document)) == before);
  }
}

TEST_CASE("scheduler: after a plan has been carried out there is nothing left to do", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    cib::Document document = document_of(seed);
    test::carry_out(document, plan_of(document));
    // multiple-active=stop_only leaves nothing behind that would say "stay stopped": a second plan starts it again.
    if (document.text().find("stop_only") != std::string::npos) test::carry_out(document, plan_of(document));
    const scheduler::Plan again = plan_of(document);
    const auto undone =
        std::count_if(again.actions.begin(), again.actions.end(), [](const auto& a) { return a.runnable; });
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

TEST_CASE("scheduler: nothing is started where it runs already, or on a node that cannot run it", "[scheduler]") {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    const auto state = cib::unpack(document_of(seed), test::some_time);
    const auto plan = scheduler::plan(*state, test::some_time);
    for (const auto& action : plan->actions) {
      if (action.task != "start" || !action.runnable) continue;
      CHECK(state->node(action.node)->available());
      const model::Resource* resource = state->resource(action.resource);
      CHECK(resource->managed);
      // Whatever is active must be stopped first, unless its own start has not ended yet.
      for (const std::string& node : resource->active_on) {
        const bool stopped = std::any_of(action.after.begin(), action.after.end(), [&](auto id) {
          return plan->actions[id].task == "stop" && plan->actions[id].node == node;
        });
        CHECK((stopped || resource->start_pending));
      }
    }
  }
}
