// The transition engine: what may be fired when, and what a new plan does to work in flight.
#include "resmgr/transition/engine.hpp"

#include <fmt/core.h>

#include <catch2/catch.hpp>

namespace {

using namespace relevo;
using namespace std::chrono_literals;
using scheduler::Action;
using scheduler::ActionKind;
using transition::Engine;
using transition::State;
using transition::Verdict;

/// Builds plans action by action.
class Maker {
 public:
  scheduler::ActionId add(std::string resource, std::string task, std::string node,
                          std::vector<scheduler::ActionId> after = {}) {
    Action action;
    action.id = static_cast<scheduler::ActionId>(plan.actions.size());
    action.resource = std::move(resource);
    action.task = std::move(task);
    action.node = std::move(node);
    action.timeout = 20s;
    action.after = std::move(after);
    if (action.task == "watch") {
      action.task = "monitor";
      action.interval = 10s;
    }
    plan.actions.push_back(std::move(action));
    return plan.actions.back().id;
  }
  scheduler::Plan plan;
};

std::string told(const std::vector<transition::Firing>& firings) {
  std::string text;
  for (const auto& firing : firings)
    text += fmt::format("{}{} {} on {}", text.empty() ? "" : ", ", firing.action.task, firing.action.resource,
                        firing.action.node);
  return text;
}

Verdict ok(Engine& engine, const char* resource, const char* task, const char* node) {
  return engine.on_result(resource, node, task, {}, 0, true);
}

constexpr Instant start{};

/// Stop on a, then start on b, then its monitor.
scheduler::Plan move_of(const char* resource) {
  Maker maker;
  const auto stop = maker.add(resource, "stop", "a");
  const auto begin = maker.add(resource, "start", "b", {stop});
  maker.add(resource, "watch", "b", {begin});
  return maker.plan;
}

}  // namespace

TEST_CASE("engine: an action is fired when all it waits for has succeeded", "[transition]") {
  Engine engine;
  engine.set_plan(move_of("vip"), {});
  CHECK(told(engine.fire(start)) == "stop vip on a");
  CHECK(told(engine.fire(start)).empty());
  CHECK(engine.state() == State::running);
  CHECK(ok(engine, "vip", "stop", "a") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "start vip on b");
  CHECK(ok(engine, "vip", "start", "b") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "monitor vip on b");
  CHECK(engine.on_result("vip", "b", "monitor", 10s, 0, true) == Verdict::expected);
  CHECK(engine.state() == State::idle);
}

TEST_CASE("engine: a failure keeps what waits for it from being fired, and nothing else", "[transition]") {
  Maker maker;
  const auto stop = maker.add("vip", "stop", "a");
  maker.add("vip", "start", "b", {stop});
  const auto other = maker.add("web", "stop", "a");
  maker.add("web", "start", "b", {other});
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(told(engine.fire(start)) == "stop vip on a, stop web on a");
  CHECK(engine.on_result("vip", "a", "stop", {}, 1, true) == Verdict::failed);
  CHECK(ok(engine, "web", "stop", "a") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "start web on b");
  CHECK(ok(engine, "web", "start", "b") == Verdict::expected);
  CHECK(engine.state() == State::stuck);
  CHECK(engine.waiting() == std::vector<std::string>{"start of vip on b"});
}

TEST_CASE("engine: a probe succeeds with the code that is expected of it", "[transition]") {
  Maker maker;
  maker.add("vip", "monitor", "a");
  maker.plan.actions[0].expected_rc = 7;
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(engine.fire(start).size() == 1);
  CHECK(engine.on_result("vip", "a", "monitor", {}, 7, true) == Verdict::expected);
}

TEST_CASE("engine: what cannot be done is neither fired nor waited for", "[transition]") {
  Maker maker;
  const auto begin = maker.add("vip", "start", "a");
  maker.add("vip", "watch", "a", {begin});
  maker.plan.actions[0].runnable = maker.plan.actions[1].runnable = false;
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(engine.fire(start).empty());
  CHECK(engine.state() == State::idle);
}

TEST_CASE("engine: limits hold actions back, in the cluster and on one node", "[transition]") {
  Maker maker;
  for (const char* resource : {"p", "q", "r"}) maker.add(resource, "start", "a");
  maker.add("s", "start", "b");
  Engine engine;
  engine.set_plan(maker.plan, {.batch_limit = 3, .node_limit = 2, .cluster_delay = 60s});
  CHECK(told(engine.fire(start)) == "start p on a, start q on a, start s on b");
  CHECK(engine.fire(start).empty());
  ok(engine, "p", "start", "a");
  CHECK(told(engine.fire(start)) == "start r on a");
}

TEST_CASE("engine: a new plan that wants the same adopts what is in flight and does not fire it twice",
          "[transition]") {
  Maker first;
  const auto begin = first.add("vip", "start", "a");
  first.add("vip", "watch", "a", {begin});
  Engine engine;
  engine.set_plan(first.plan, {});
  CHECK(told(engine.fire(start)) == "start vip on a");
  engine.set_plan(first.plan, {});
  CHECK(engine.fire(start).empty());
  CHECK(ok(engine, "vip", "start", "a") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "monitor vip on a");
}

TEST_CASE("engine: a slow start does not block the recovery of something unrelated", "[transition]") {
  Maker slow;
  slow.add("slow", "start", "a");
  Engine engine;
  engine.set_plan(slow.plan, {});
  CHECK(engine.fire(start).size() == 1);
  Maker next;
  next.add("slow", "start", "a");
  next.add("vip", "start", "b");
  engine.set_plan(next.plan, {});
  CHECK(told(engine.fire(start)) == "start vip on b");
}

TEST_CASE("engine: other work on the same resource waits for what an older plan has in flight", "[transition]") {
  Maker first;
  first.add("vip", "start", "a");
  Engine engine;
  engine.set_plan(first.plan, {});
  CHECK(engine.fire(start).size() == 1);
  engine.set_plan(move_of("vip"), {});  // now it shall be on b: a stop on a first
  CHECK(engine.fire(start).empty());
  CHECK(engine.state() == State::running);
  CHECK(ok(engine, "vip", "start", "a") == Verdict::foreign);
  CHECK(told(engine.fire(start)) == "stop vip on a");
}

TEST_CASE("engine: a monitor from before a restart is not taken for the monitor after it", "[transition]") {
  Maker first;
  first.add("vip", "watch", "a");
  Engine engine;
  engine.set_plan(first.plan, {});
  CHECK(engine.fire(start).size() == 1);
  Maker restart;
  const auto stop = restart.add("vip", "stop", "a");
  const auto begin = restart.add("vip", "start", "a", {stop});
  restart.add("vip", "watch", "a", {begin});
  engine.set_plan(restart.plan, {});
  CHECK(told(engine.fire(start)) == "stop vip on a");  // it only looks, so the stop need not wait for it
  CHECK(engine.on_result("vip", "a", "monitor", 10s, 0, false) == Verdict::foreign);
  ok(engine, "vip", "stop", "a");
  CHECK(told(engine.fire(start)) == "start vip on a");
  ok(engine, "vip", "start", "a");
  CHECK(told(engine.fire(start)) == "monitor vip on a");
}

TEST_CASE("engine: the same task with other parameters is other work", "[transition]") {
  Maker first;
  first.add("vip", "start", "a");
  Engine engine;
  engine.set_plan(first.plan, {});
  CHECK(engine.fire(start).size() == 1);
  first.plan.actions[0].parameters["ip"] = "10.0.0.2";
  engine.set_plan(first.plan, {});
  CHECK(engine.fire(start).empty());
  CHECK(ok(engine, "vip", "start", "a") == Verdict::foreign);
  CHECK(told(engine.fire(start)) == "start vip on a");
}

TEST_CASE("engine: an action that stays silent beyond its timeout and the cluster-delay fails once", "[transition]") {
  Engine engine;
  engine.set_plan(move_of("vip"), {.batch_limit = 0, .node_limit = 0, .cluster_delay = 60s});
  CHECK(engine.fire(start).size() == 1);
  CHECK(engine.next_deadline() == start + 80s);
  CHECK(engine.expire(start + 79s).empty());
  CHECK(told(engine.expire(start + 80s)) == "stop vip on a");
  CHECK(engine.expire(start + 99s).empty());
  CHECK(engine.state() == State::stuck);
  CHECK(ok(engine, "vip", "stop", "a") == Verdict::foreign);  // too late
}

TEST_CASE("engine: the loss of a node ends what is in flight there", "[transition]") {
  Maker maker;
  maker.add("vip", "start", "a");
  maker.add("web", "start", "b");
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(engine.fire(start).size() == 2);
  CHECK(told(engine.on_node_lost("a")) == "start vip on a");
  CHECK(told(engine.in_flight()) == "start web on b");
}

TEST_CASE("engine: a cancel and a shutdown are recognised by their kind", "[transition]") {
  Maker maker;
  const auto end = maker.add("vip", "cancel", "a");
  maker.plan.actions[end].kind = ActionKind::cancel;
  maker.plan.actions[end].interval = 10s;
  maker.plan.actions[end].meta["operation"] = "monitor";
  const auto leave = maker.add("", "do_shutdown", "a", {end});
  maker.plan.actions[leave].kind = ActionKind::shutdown;
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(engine.fire(start).size() == 1);
  CHECK(engine.on_result("vip", "a", "cancel", 10s, 0, true) == Verdict::expected);
  CHECK(told(engine.fire(start)) == "do_shutdown  on a");
  CHECK(engine.on_done(ActionKind::shutdown, "a") == Verdict::expected);
  CHECK(engine.state() == State::idle);
}

TEST_CASE("engine: pseudo-actions are passed without being fired", "[transition]") {
  Maker maker;
  const auto stopped = maker.add("vip", "stop", "a");
  const auto pseudo = maker.add("", "all_stopped", "", {stopped});
  maker.plan.actions[pseudo].kind = ActionKind::pseudo;
  maker.add("web", "start", "b", {pseudo});
  Engine engine;
  engine.set_plan(maker.plan, {});
  CHECK(told(engine.fire(start)) == "stop vip on a");
  ok(engine, "vip", "stop", "a");
  CHECK(told(engine.fire(start)) == "start web on b");
}

TEST_CASE("engine: nothing is known any more after clear", "[transition]") {
  Engine engine;
  engine.set_plan(move_of("vip"), {});
  CHECK(engine.fire(start).size() == 1);
  engine.clear();
  CHECK(engine.state() == State::idle);
  CHECK_FALSE(engine.next_deadline());
  CHECK(ok(engine, "vip", "stop", "a") == Verdict::foreign);
}

namespace {

/// An instance of the anonymous clone `web`.
scheduler::ActionId instance(Maker& maker, int number, const char* task, const char* node,
                             std::vector<scheduler::ActionId> after = {}) {
  const auto id = maker.add("web", task, node, std::move(after));
  maker.plan.actions[id].instance = fmt::format("web:{}", number);
  return id;
}

/// A pseudo-action or a notification that has to be carried out whatever happens.
scheduler::ActionId urgent(Maker& maker, const char* resource, const char* task, const char* node,
                           std::vector<scheduler::ActionId> after) {
  const auto id = maker.add(resource, task, node, std::move(after));
  maker.plan.actions[id].priority = 1'000'000;
  if (*resource == 0) maker.plan.actions[id].kind = ActionKind::pseudo;
  return id;
}

/// A start of a clone's instance, and what tells another instance of it afterwards.
scheduler::Plan start_with_notification() {
  Maker maker;
  const auto begin = instance(maker, 0, "start", "a");
  const auto running = urgent(maker, "", "running", "", {begin});
  urgent(maker, "web", "notify", "b", {running});
  return maker.plan;
}

}  // namespace

TEST_CASE("engine: instances of a clone that share a name do not wait for those on other nodes", "[transition]") {
  Maker first, second;
  instance(first, 0, "start", "a");
  Engine engine;
  engine.set_plan(first.plan, {});
  CHECK(told(engine.fire(start)) == "start web on a");
  instance(second, 1, "stop", "b");
  instance(second, 0, "stop", "a");
  engine.set_plan(second.plan, {});
  CHECK(told(engine.fire(start)) == "stop web on b");
}

TEST_CASE("engine: of two notifications on one node a result is that of the one whose key it brings", "[transition]") {
  Maker maker;
  const auto one = maker.add("web", "notify", "a");
  const auto two = maker.add("web", "notify", "a");
  maker.add("x", "start", "a", {one});
  maker.add("y", "start", "a", {two});
  Engine engine;
  engine.set_plan(maker.plan, {});
  const auto fired = engine.fire(start);
  REQUIRE(fired.size() == 2);
  const auto key = transition::key_of(fired[1]) + "00000001-0000-4000-8000-000000000000";
  CHECK(engine.on_result("web", "a", "notify", {}, 0, true, key) == Verdict::expected);
  CHECK(told(engine.fire(start)) == "start y on a");
}

TEST_CASE("engine: what a notification gives is not looked at", "[transition]") {
  Maker maker;
  maker.add("x", "start", "a", {maker.add("web", "notify", "a")});
  Engine engine;
  engine.set_plan(maker.plan, {});
  REQUIRE(engine.fire(start).size() == 1);
  CHECK(engine.on_result("web", "a", "notify", {}, 1, true) == Verdict::expected);
  CHECK(told(engine.fire(start)) == "start x on a");
}

TEST_CASE("engine: work in flight is adopted over pseudo-actions that nothing holds up", "[transition]") {
  Engine engine;
  Maker before, after;
  before.add("vip", "start", "a");
  engine.set_plan(before.plan, {});
  REQUIRE(engine.fire(start).size() == 1);
  const auto begin = after.add("", "start", "");
  after.plan.actions[begin].kind = ActionKind::pseudo;
  after.add("vip", "start", "a", {begin});
  engine.set_plan(after.plan, {});
  CHECK(engine.fire(start).empty());
  CHECK(ok(engine, "vip", "start", "a") == Verdict::expected);
  CHECK(engine.state() == State::idle);
}

TEST_CASE("engine: a node takes no more live migrations at once than it may", "[transition]") {
  Maker maker;
  for (const char* resource : {"p", "q"}) maker.add(resource, "migrate_to", "a");
  maker.add("r", "start", "a");
  transition::Limits limits;
  limits.migration_limit = 1;
  Engine engine;
  engine.set_plan(maker.plan, limits);
  CHECK(told(engine.fire(start)) == "migrate_to p on a, start r on a");
  CHECK(ok(engine, "p", "migrate_to", "a") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "migrate_to q on a");
}

TEST_CASE("engine: a new plan does not make it forget to tell of what has happened", "[transition]") {
  Engine engine;
  engine.set_plan(start_with_notification(), {});
  CHECK(told(engine.fire(start)) == "start web on a");
  Maker other;
  instance(other, 1, "stop", "b");
  engine.set_plan(other.plan, {});
  // The instance on b hears of the start before anything new is done with it.
  CHECK(engine.fire(start).empty());
  CHECK(ok(engine, "web", "start", "a") == Verdict::foreign);
  CHECK(told(engine.fire(start)) == "notify web on b");
  CHECK(engine.state() == State::running);
  CHECK(ok(engine, "web", "notify", "b") == Verdict::expected);
  CHECK(told(engine.fire(start)) == "stop web on b");
}

TEST_CASE("engine: what tells of a start is told although the start failed", "[transition]") {
  Engine engine;
  engine.set_plan(start_with_notification(), {});
  REQUIRE(engine.fire(start).size() == 1);
  CHECK(engine.on_result("web", "a", "start", {}, 1, true) == Verdict::failed);
  CHECK(told(engine.fire(start)) == "notify web on b");
}

TEST_CASE("engine: a notification of what has not begun is forgotten with its plan", "[transition]") {
  Engine engine;
  Maker first, second;
  const auto stop = first.add("other", "stop", "a");
  const auto begin = instance(first, 0, "start", "a", {stop});
  urgent(first, "web", "notify", "b", {begin});
  engine.set_plan(first.plan, {});
  REQUIRE(engine.fire(start).size() == 1);
  instance(second, 1, "stop", "b");
  engine.set_plan(second.plan, {});
  CHECK(told(engine.fire(start)) == "stop web on b");
}

TEST_CASE("engine: one more look after a complete plan does nothing a second time", "[transition]") {
  Maker maker;
  maker.add("vip", "cancel", "a");
  maker.plan.actions[0].kind = ActionKind::cancel;
  Engine engine;
  engine.set_plan(maker.plan, {});
  REQUIRE(engine.fire(start).size() == 1);
  CHECK(ok(engine, "vip", "cancel", "a") == Verdict::expected);
  maker.add("vip", "start", "b", {0});
  engine.set_plan(maker.plan, {}, true);
  CHECK(told(engine.fire(start)) == "start vip on b");
  CHECK(ok(engine, "vip", "start", "b") == Verdict::expected);
  engine.set_plan(maker.plan, {});
  CHECK(told(engine.fire(start)) == "cancel vip on a");
}
