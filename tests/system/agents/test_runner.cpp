// The runner with agents that behave badly, as real processes: every one becomes a result with a reason.
#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "resmgr/daemon/agent_runner.hpp"
#include "tests/system/agents/hosts.hpp"

using namespace relevo;
using namespace relevo::test;
using executor::Operation;
using executor::OperationResult;
using executor::OpStatus;

namespace {

/// A runner that finds its agents in a folder of the test.
struct Bench {
  Folder folder;
  io::Loop loop;
  resmgr::AgentRunner runner{loop, options()};
  std::vector<OperationResult> results;
  std::size_t wanted = 0;

  Bench() {
    runner.on_result([this](const OperationResult& result) {
      results.push_back(result);
      if (results.size() >= wanted) loop.stop();
    });
  }

  resmgr::AgentRunnerOptions options() {
    resmgr::AgentRunnerOptions o;
    o.root.prefix = folder.path();
    o.node_name = "n1";
    o.ocf_folders = {folder.path() + "/ocf", std::string(RELEVO_BUILD_DIR) + "/ocf/resource.d"};
    return o;
  }

  void agent(const std::string& name, const std::string& body, mode_t mode = 0755) {
    const auto path = folder.path() + "/ocf/test/" + name;
    std::filesystem::create_directories(folder.path() + "/ocf/test");
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    ::chmod(path.c_str(), mode);
  }

  static Operation operation(const std::string& type, const std::string& task, const std::string& provider = "test") {
    Operation op;
    op.resource = "r-" + type;
    op.klass = "ocf";
    op.provider = provider;
    op.type = type;
    op.task = task;
    op.timeout = std::chrono::seconds(5);
    return op;
  }

  /// Waits until `n` results have come in all.
  void wait_for(std::size_t n) {
    wanted = n;
    if (results.size() >= n) return;
    io::Timer limit(loop);
    limit.after(std::chrono::seconds(10), [this] { loop.stop(); });
    loop.run();
    REQUIRE(results.size() >= n);
  }

  OperationResult run(const Operation& op) {
    runner.execute(op);
    wait_for(results.size() + 1);
    return results.back();
  }
};

}  // namespace

TEST_CASE("runner: our own agents are found and run, with their environment", "[agents]") {
  Bench b;
  auto start = Bench::operation("Dummy", "start", "pacemaker");
  start.parameters["envfile"] = b.folder.path() + "/env";
  CHECK(b.run(start).rc == 0);
  CHECK(b.runner.actives().size() == 1);
  CHECK(b.run(Bench::operation("Dummy", "monitor", "pacemaker")).rc == 0);
  std::ifstream file(b.folder.path() + "/env");
  const std::string env{std::istreambuf_iterator<char>(file), {}};
  CHECK(env.find("OCF_RESOURCE_INSTANCE=r-Dummy\n") != std::string::npos);
  CHECK(env.find("RELEVO_LEASE_SECONDS=2\n") != std::string::npos);
  CHECK(env.find("OCF_RESKEY_CRM_meta_on_node=n1\n") != std::string::npos);
  CHECK(env.find("HOME=") == std::string::npos);
  CHECK(b.run(Bench::operation("Dummy", "stop", "pacemaker")).rc == 0);
  CHECK(b.run(Bench::operation("Dummy", "monitor", "pacemaker")).rc == 7);
  CHECK(b.runner.actives().empty());
}

TEST_CASE("runner: an agent that hangs is ended at its time-out, with everything it started", "[agents]") {
  Bench b;
  b.agent("hang", "echo $$ > " + b.folder.path() + "/pid; trap '' TERM; sleep 300 & sleep 300; sleep 300");
  auto op = Bench::operation("hang", "start");
  op.timeout = std::chrono::milliseconds(200);
  const auto result = b.run(op);
  CHECK(result.status == OpStatus::timeout);
  CHECK(result.rc == 1);
  CHECK(result.exit_reason == "resource agent did not finish within 200ms");
  CHECK(result.exec_time >= std::chrono::milliseconds(200));
  std::string pid;
  std::ifstream(b.folder.path() + "/pid") >> pid;
  REQUIRE(pid != "");
  CHECK(::access(("/proc/" + pid).c_str(), F_OK) != 0);
}

TEST_CASE(
    "runner: an agent that crashes, one that prints garbage and one with an unknown code are failures with a reason",
    "[agents]") {
  Bench b;
  b.agent("crash", "kill -SEGV $$");
  b.agent("garbage",
          "head -c 300000 /dev/urandom; head -c 300000 /dev/urandom >&2; echo >&2; "
          "echo 'ocf-exit-reason:the disk is on fire' >&2; exit 1");
  b.agent("early", "echo 'ocf-exit-reason:the disk is on fire' >&2; head -c 300000 /dev/urandom >&2; exit 1");
  b.agent("odd", "exit 77");
  const auto crash = b.run(Bench::operation("crash", "start"));
  CHECK(crash.status == OpStatus::error);
  CHECK(crash.exit_reason == "resource agent died of signal 11");
  const auto garbage = b.run(Bench::operation("garbage", "start"));
  CHECK(garbage.status == OpStatus::done);
  CHECK(garbage.rc == 1);
  CHECK(b.run(Bench::operation("early", "start")).exit_reason == "the disk is on fire");
  CHECK(b.run(Bench::operation("odd", "start")).exit_reason ==
        "resource agent ended with 77, which is no OCF exit code");
}

TEST_CASE(
    "runner: an agent that is missing, cannot be executed or has a name that is a path is a failure with a reason",
    "[agents]") {
  Bench b;
  b.agent("plain", "exit 0", 0644);
  const auto missing = b.run(Bench::operation("nowhere", "start"));
  CHECK(missing.rc == 5);
  CHECK(missing.status == OpStatus::not_installed);
  CHECK(missing.exit_reason == "resource agent ocf:test:nowhere is not installed on this node");
  CHECK(b.run(Bench::operation("plain", "start")).rc == 4);
  CHECK(b.run(Bench::operation("sh", "start", "../../../../../../bin")).rc == 5);
  b.agent("broken", "exit 0");
  std::ofstream(b.folder.path() + "/ocf/test/broken") << "#!/no/such/shell\n";
  const auto broken = b.run(Bench::operation("broken", "start"));
  CHECK(broken.status == OpStatus::error);
  CHECK(broken.exit_reason.find("could not be started") != std::string::npos);
}

TEST_CASE("runner: stopping everything does not wait for a start that hangs", "[agents]") {
  Bench b;
  b.agent("slow", "[ \"$1\" = start ] && exec sleep 300; echo $1 >> " + b.folder.path() + "/done; exit 0");
  auto start = Bench::operation("slow", "start");
  start.timeout = std::chrono::seconds(300);
  b.runner.execute(start);
  CHECK(b.run(Bench::operation("Dummy", "start", "heartbeat")).rc == 0);
  bool stopped = false;
  b.runner.stop_all_local([&] { stopped = true; });
  b.wait_for(4);
  CHECK(b.runner.actives().empty());
  CHECK(b.runner.busy() == 0);
  b.loop.post([&] { b.loop.stop(); });
  b.loop.run();
  CHECK(stopped);
  std::string done;
  std::ifstream(b.folder.path() + "/done") >> done;
  CHECK(done == "stop");
}
