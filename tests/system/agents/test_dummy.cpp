// The Dummy agents of both providers.
#include <catch2/catch.hpp>

#include "tests/system/agents/hosts.hpp"

using namespace relevo::test;

TEST_CASE("Dummy: started is a file, for both providers", "[agents]") {
  for (const std::string agent : {"heartbeat/Dummy", "pacemaker/Dummy"}) {
    const Folder state;
    const auto act = [&](const std::string& action) { return run_agent(agent, action, state, {}).exit_code; };
    CHECK(act("monitor") == 7);
    CHECK(act("validate-all") == 0);
    CHECK(act("start") == 0);
    CHECK(act("start") == 0);
    CHECK(act("monitor") == 0);
    CHECK(act("reload") == 0);
    CHECK(act("migrate_to") == 0);
    CHECK(act("monitor") == 7);
    CHECK(act("migrate_from") == 0);
    CHECK(act("stop") == 0);
    CHECK(act("stop") == 0);
    CHECK(act("monitor") == 7);
    CHECK(act("dance") == 3);
  }
}

TEST_CASE("Dummy: pacemaker's fails where it is told to, and only its metadata has its parameters", "[agents]") {
  const Folder state;
  const std::map<std::string, std::string> on_n1{{"OCF_RESKEY_CRM_meta_on_node", "n1"}};
  CHECK(run_agent("pacemaker/Dummy", "start", state, {{"fail_start_on", "n1"}}, on_n1).exit_code == 1);
  CHECK(run_agent("pacemaker/Dummy", "start", state, {{"fail_start_on", "n2"}}, on_n1).exit_code == 0);
  const auto ours = run_agent("heartbeat/Dummy", "meta-data", state, {}).out;
  const auto theirs = run_agent("pacemaker/Dummy", "meta-data", state, {}).out;
  CHECK(ours.find("op_sleep") == std::string::npos);
  for (const std::string name : {"state", "passwd", "fake", "op_sleep", "fail_start_on", "envfile"}) {
    CHECK(theirs.find("<parameter name=\"" + name + "\"") != std::string::npos);
  }
}
