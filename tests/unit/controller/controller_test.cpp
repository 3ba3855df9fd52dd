// One controller against a scripted surrounding: what it does when it is cut off, restarted, asked, paused.
// Whole clusters are in tests/sim_cluster.
#include <catch2/catch.hpp>

#include <algorithm>

#include "resmgr/controller/controller.hpp"

using namespace relevo;
using namespace relevo::controller;

namespace {

/// A node alone in a cluster of one: the bus gives back what it sends.
struct Alone {
  Controller core;
  Instant now = Instant{} + std::chrono::hours(1);
  std::vector<Reply> replies;
  std::vector<ExecutorCommand> commands;
  std::optional<Persist> persist;
  Output last;
  bool joined = false, exited = false, pinged = false;
  bool connected = true;
  groups::Member me{NodeId(1), 1};

  Output feed(Input input) {
    last = core.step(std::move(input), now, WallTime{1700000000});
    auto& out = last;
    for (auto& reply : out.replies) replies.push_back(reply);
    for (auto& command : out.commands) commands.push_back(command);
    if (out.persist) persist = out.persist;
    joined = joined || out.join;
    exited = exited || out.exit;
    pinged = pinged || out.ping;
    auto result = out;
    for (auto& m : result.multicasts)
      if (connected) feed(groups::GroupMessage{group_name, me, m.guarantee, m.payload});
    return result;
  }

  void start(std::vector<executor::Operation> remembered = {}) {
    Started started;
    started.instance = 42;
    started.remembered = std::move(remembered);
    feed(std::move(started));
    feed(Connected{NodeId(1), 1, {{NodeId(1), "n1"}}});
    feed(Configuration{Configuration::Kind::regular, {NodeId(1), 4}, {NodeId(1)}});
  }
  void quorum(bool quorate) {
    QuorumView view;
    view.quorate = quorate;
    view.quorum = 1;
    view.members = {NodeId(1)};
    view.votes = {1};
    view.reason = quorate ? "enough" : "too few votes";
    feed(view);
  }
  void view() { feed(groups::GroupView{group_name, {NodeId(1), 4}, {me}, {me}, {}, groups::Reason::join, {}}); }
  void stored() {
    while (persist) {
      const auto ticket = persist->ticket;
      persist.reset();
      feed(Stored{ticket, {}});
    }
  }
  void ask(std::uint64_t id, Request request) { feed(ClientRequest{ConnectionId(1), id, std::move(request)}); }
  void pass(Duration time) {
    const auto end = now + time;
    while (now < end) {
      now = std::min(end, std::max(now + std::chrono::milliseconds(1), core.next_deadline().value_or(end)));
      feed(Tick{});
    }
  }
  [[nodiscard]] bool stopped_everything() const {
    return std::any_of(commands.begin(), commands.end(),
                       [](const auto& c) { return std::holds_alternative<StopEverything>(c); });
  }
};

ApplyRequest property(const std::string& name, const std::string& value) {
  cib::Change change;
  change.operations.push_back({cib::Verb::modify, "crm_config",
                               fmt::format(R"(<crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="o-{0}" name="{0}" value="{1}"/></cluster_property_set></crm_config>)",
                                           name, value),
                               true, false, false});
  return {std::move(change)};
}

executor::Operation running(const std::string& resource) {
  executor::Operation op;
  op.resource = resource;
  op.klass = "ocf";
  op.provider = "heartbeat";
  op.type = "Dummy";
  op.task = "start";
  return op;
}

executor::OperationResult done(const executor::Operation& op, int rc) {
  executor::OperationResult result;
  result.operation = op;
  result.rc = rc;
  result.status = executor::OpStatus::done;
  return result;
}

Alone in_sync(std::vector<executor::Operation> remembered = {}) {
  Alone node;
  node.start(std::move(remembered));
  node.quorum(true);
  node.view();
  node.stored();
  return node;
}

}  // namespace

TEST_CASE("controller: a change is answered only when it is on disk", "[controller]") {
  auto node = in_sync();
  REQUIRE(node.core.is_synced());
  node.ask(7, property("stonith-enabled", "false"));
  CHECK(node.replies.empty());
  REQUIRE(node.persist.has_value());
  CHECK(node.persist->cib.find("stonith-enabled") != std::string::npos);
  node.stored();
  REQUIRE(node.replies.size() == 1);
  CHECK(node.replies[0].id == 7);
  CHECK(std::holds_alternative<cib::Version>(node.replies[0].answer));
}

TEST_CASE("controller: a failed write is never acknowledged", "[controller]") {
  auto node = in_sync();
  node.ask(7, property("a", "1"));
  REQUIRE(node.persist.has_value());
  node.feed(Stored{node.persist->ticket, "disk full"});
  node.pass(std::chrono::seconds(31));
  REQUIRE(node.replies.size() == 1);
  CHECK(std::get<Error>(node.replies[0].answer).kind == ErrorKind::timeout);
}

TEST_CASE("controller: without quorum a change is refused and says that nothing was done", "[controller]") {
  auto node = in_sync();
  node.quorum(false);
  node.ask(8, property("a", "1"));
  REQUIRE(node.replies.size() == 1);
  const auto& error = std::get<Error>(node.replies[0].answer);
  CHECK(error.kind == ErrorKind::no_quorum);
  CHECK(error.message.find("too few votes") != std::string::npos);
}

TEST_CASE("controller: an invalid change is answered with its reason at once", "[controller]") {
  auto node = in_sync();
  cib::Change change;
  change.operations.push_back({cib::Verb::create, "resources", "<nonsense id='x'/>", false, false, false});
  node.ask(9, ApplyRequest{std::move(change)});
  REQUIRE(node.replies.size() == 1);
  CHECK(std::get<Error>(node.replies[0].answer).kind == ErrorKind::invalid);
}

TEST_CASE("controller: a change asked for before the sync waits for it", "[controller]") {
  Alone node;
  node.start();
  node.ask(3, property("a", "1"));
  CHECK(node.replies.empty());
  node.quorum(true);
  node.view();
  node.stored();
  node.stored();
  REQUIRE(node.replies.size() == 1);
  CHECK(std::holds_alternative<cib::Version>(node.replies[0].answer));
}

TEST_CASE("controller: a restarted process looks what runs before it joins", "[controller]") {
  Alone node;
  node.start({running("VIP")});
  CHECK_FALSE(node.joined);
  REQUIRE(node.commands.size() == 1);
  const auto probe = std::get<Execute>(node.commands[0]).operation;
  CHECK(probe.task == "monitor");
  CHECK(probe.interval.count() == 0);
  node.feed(done(probe, 0));
  CHECK(node.joined);
  node.quorum(true);
  node.view();
  CHECK(node.core.is_synced());
  CHECK(node.core.snapshot().cib.find("lrm_resource id=\"VIP\"") != std::string::npos);
  CHECK_FALSE(node.stopped_everything());
}

TEST_CASE("controller: a restarted process that finds no cluster within two seconds stops what it found", "[controller]") {
  Alone node;
  Started started;
  started.remembered = {running("VIP")};
  node.feed(std::move(started));
  node.feed(done(std::get<Execute>(node.commands[0]).operation, 0));
  node.pass(std::chrono::milliseconds(1900));
  CHECK_FALSE(node.stopped_everything());
  node.pass(std::chrono::milliseconds(200));
  CHECK(node.stopped_everything());
}

TEST_CASE("controller: a restarted process that is told of no quorum stops what it found soon", "[controller]") {
  Alone node;
  node.start({running("VIP")});
  node.feed(done(std::get<Execute>(node.commands[0]).operation, 0));
  node.quorum(false);
  node.pass(std::chrono::milliseconds(150));
  CHECK_FALSE(node.stopped_everything());
  node.pass(std::chrono::milliseconds(100));
  CHECK(node.stopped_everything());
}

TEST_CASE("controller: without its membership daemon it stops everything at once", "[controller]") {
  auto node = in_sync();
  node.feed(done(running("VIP"), 0));
  executor::Operation watch = running("VIP");
  watch.task = "monitor";
  node.feed(done(watch, 0));
  node.pass(std::chrono::milliseconds(300));
  REQUIRE(node.last.may_renew_leases);
  node.commands.clear();
  node.connected = false;
  node.feed(MembershipLost{"killed"});
  CHECK(node.stopped_everything());
  CHECK_FALSE(node.last.may_renew_leases);
  CHECK_FALSE(node.core.is_synced());
}

TEST_CASE("controller: without quorum it stops everything at once, with no-quorum-policy=ignore nothing", "[controller]") {
  for (const bool ignore : {false, true}) {
    auto node = in_sync();
    if (ignore) node.ask(1, property("no-quorum-policy", "ignore"));
    executor::Operation watch = running("VIP");
    watch.task = "monitor";
    node.feed(done(watch, 0));
    node.commands.clear();
    node.quorum(false);
    CHECK(node.stopped_everything() == !ignore);
    CHECK(node.last.may_renew_leases == ignore);
  }
}

TEST_CASE("controller: after a pause it renews no lease until the membership has answered", "[controller]") {
  auto node = in_sync();
  node.pass(std::chrono::milliseconds(500));
  REQUIRE(node.last.may_renew_leases);
  node.now += std::chrono::seconds(3);
  node.feed(Tick{});
  CHECK(node.pinged);
  CHECK_FALSE(node.last.may_renew_leases);
  node.feed(PingAnswered{});
  CHECK(node.last.may_renew_leases);
}

TEST_CASE("controller: asked to stop with nothing running it leaves and ends", "[controller]") {
  auto node = in_sync();
  node.feed(ShutdownRequested{});
  CHECK(node.exited);
}

TEST_CASE("controller: asked to stop while cut off it stops its resources itself", "[controller]") {
  Alone node;
  node.start({running("VIP")});
  const auto probe = std::get<Execute>(node.commands[0]).operation;
  node.feed(done(probe, 0));
  node.feed(ShutdownRequested{});
  CHECK(node.stopped_everything());
  CHECK_FALSE(node.exited);
  auto stop = running("VIP");
  stop.task = "stop";
  node.feed(done(stop, 0));
  CHECK(node.exited);
}

TEST_CASE("controller: what the urgent stop did not reach is stopped by name", "[controller]") {
  auto node = in_sync();
  executor::Operation watch = running("VIP");
  watch.task = "monitor";
  node.feed(done(watch, 0));
  node.connected = false;
  node.feed(MembershipLost{"killed"});
  node.commands.clear();
  node.pass(std::chrono::milliseconds(2500));
  REQUIRE(node.commands.size() == 1);
  CHECK(std::get<Execute>(node.commands[0]).operation.task == "stop");
  node.pass(std::chrono::seconds(5));
  CHECK(node.commands.size() == 1);  // it is on its way
}

TEST_CASE("controller: garbage from the group is noted and changes nothing", "[controller]") {
  auto node = in_sync();
  const auto before = node.core.digest();
  node.feed(groups::GroupMessage{group_name, {NodeId(2), 9}, groups::Guarantee::agreed, Bytes{3, 200, 1, 2, 3}});
  CHECK_FALSE(node.last.notes.empty());
  CHECK(node.core.digest() == before);
}

TEST_CASE("controller: a subscriber gets one push for many changes close together", "[controller]") {
  auto node = in_sync();
  node.ask(1, SubscribeRequest{});
  std::size_t pushes = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    node.ask(10 + i, AttributeRequest{"n1", "color", std::to_string(i)});
    pushes += node.last.pushes.size();
  }
  CHECK(pushes <= 1);
  node.now += std::chrono::milliseconds(25);
  node.feed(Tick{});
  CHECK(node.last.pushes.size() == 1);
}
