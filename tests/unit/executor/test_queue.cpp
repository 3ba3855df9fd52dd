// The serial queue of each resource, delays, classes, and what agents are told.
#include <catch2/catch.hpp>

#include "tests/unit/executor/script.hpp"

using namespace relevo;
using namespace relevo::executor;
using namespace relevo::executor::testing;

TEST_CASE("executor: operations of one resource run one after the other, of different resources side by side",
          "[executor]") {
  Script s;
  CHECK(s.execute(operation("a", "start")) == "run a start");
  CHECK(s.execute(operation("a", "monitor")) == "");
  CHECK(s.execute(operation("b", "start")) == "run b start");
  CHECK(s.core.busy() == 3);
  CHECK(s.done(0, 1) == "a start rc=0 status=0 | run a monitor");
  CHECK(s.done(0, 2) == "b start rc=0 status=0");
  CHECK(s.done(0, 3) == "a monitor rc=0 status=0");
  CHECK(s.core.busy() == 0);
  CHECK(s.results[0].call_id == 1);
  CHECK(s.results[2].call_id == 2);
}

TEST_CASE("executor: the time in the queue and the time of the run are told apart", "[executor]") {
  Script s;
  s.execute(operation("a", "start"));
  s.execute(operation("a", "monitor"));
  s.now += 250ms;
  s.done(0);
  ChildDone end;
  end.token = s.spawned.back().token;
  end.exit_code = 0;
  end.run_time = 30ms;
  s.feed(end);
  CHECK(s.results.back().queue_time == 250ms);
  CHECK(s.results.back().exec_time == 30ms);
  CHECK(s.results.back().last_run.seconds == 100);
}

TEST_CASE("executor: a start delay holds one operation back and nothing else", "[executor]") {
  Script s;
  auto late = operation("a", "monitor");
  late.start_delay = 3s;
  CHECK(s.execute(late) == "");
  CHECK(s.execute(operation("a", "start")) == "run a start");
  CHECK(s.done(0) == "a start rc=0 status=0");
  CHECK(s.core.next_deadline() == s.now + 3s);
  CHECK(s.after(2999ms) == "");
  CHECK(s.after(1ms) == "run a monitor");
}

TEST_CASE("executor: a class that is not supported is answered at once, without a run", "[executor]") {
  Script s;
  auto op = operation("web", "start");
  op.klass = "systemd";
  CHECK(s.execute(op) == "web start rc=3 status=3");
  CHECK(s.results.back().exit_reason == "resources of class 'systemd' are not supported yet");
  CHECK(s.core.busy() == 0);
}

TEST_CASE("executor: a connection to a remote node or a fence device is never active, and starting it is refused in words",
          "[executor]") {
  for (const bool remote : {true, false}) {
    Script s;
    const auto told = [&](const char* task) {
      auto op = operation("r1", task);
      op.klass = remote ? "ocf" : "stonith";
      op.provider = remote ? "pacemaker" : "";
      op.type = remote ? "remote" : "fence_ipmilan";
      return s.execute(op);
    };
    CHECK(told("monitor") == "r1 monitor rc=7 status=0");
    CHECK(told("start") == "r1 start rc=3 status=3");
    CHECK(s.results.back().exit_reason == (remote ? "connections to remote nodes are not supported yet"
                                                  : "resources of class 'stonith' are not supported yet"));
    CHECK(told("stop") == "r1 stop rc=0 status=0");
  }
}

TEST_CASE("executor: a run that nobody knows of is noted and changes nothing", "[executor]") {
  Script s;
  CHECK(s.done(0, 77) == "");
  CHECK(s.last.notes.size() == 1);
}

TEST_CASE("executor: an agent's environment has its parameters and what OCF asks for, a probe has no interval",
          "[executor]") {
  Script s;
  auto op = operation("vip", "monitor");
  op.parameters = {{"ip", "10.0.0.1"}, {"OCF_CHECK_LEVEL", "10"}, {"bad=name", "x"}};
  op.meta = {{"clone-max", "2"}, {"interval", "0"}};
  op.timeout = 20s;
  s.execute(op);
  const auto& env = s.spawned.back().environment;
  CHECK(env.at("OCF_RESKEY_ip") == "10.0.0.1");
  CHECK(env.at("OCF_CHECK_LEVEL") == "10");
  CHECK(env.at("OCF_RESOURCE_PROVIDER") == "pacemaker");
  CHECK(env.at("OCF_RESKEY_CRM_meta_clone_max") == "2");
  CHECK(env.at("OCF_RESKEY_CRM_meta_timeout") == "20000");
  CHECK(env.at("OCF_RESKEY_CRM_meta_on_node") == "n1");
  CHECK(env.at("OCF_EXIT_REASON_PREFIX") == "ocf-exit-reason:");
  CHECK(env.count("OCF_RESKEY_CRM_meta_interval") == 0);
  CHECK(env.count("OCF_RESKEY_bad=name") == 0);
  s.done(0);
  s.execute(operation("vip", "monitor", 10s));
  CHECK(s.spawned.back().environment.at("OCF_RESKEY_CRM_meta_interval") == "10000");
}

TEST_CASE("executor: a stop is told what the start was told, not what the configuration became", "[executor]") {
  Script s;
  auto start = operation("vip", "start");
  start.parameters["ip"] = "10.0.0.1";
  s.execute(start);
  s.done(0);
  auto monitor = operation("vip", "monitor", 10s);
  monitor.parameters["ip"] = "10.0.0.2";
  s.execute(monitor);
  s.done(1);
  auto stop = operation("vip", "stop");
  stop.parameters["ip"] = "10.0.0.2";
  s.execute(stop);
  CHECK(s.spawned.back().environment.at("OCF_RESKEY_ip") == "10.0.0.1");
  s.done(0);
  CHECK(s.results.back().operation.parameters.at("ip") == "10.0.0.2");
}
