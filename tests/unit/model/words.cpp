// The model's words: roles, policies, look-ups.
#include <catch2/catch.hpp>

#include "resmgr/model/cluster_state.hpp"

using namespace relevo::model;

TEST_CASE("model: roles have their older names too, in any case", "[model]") {
  CHECK(parse_role("started") == Role::started);
  CHECK(parse_role("Master") == Role::promoted);
  CHECK(parse_role("slave") == Role::unpromoted);
  CHECK_FALSE(parse_role("Running"));
}

TEST_CASE("model: roles are ordered by how much of a resource runs", "[model]") {
  CHECK(Role::unknown < Role::stopped);
  CHECK(Role::stopped < Role::started);
  CHECK(Role::unpromoted < Role::promoted);
}

TEST_CASE("model: every on-fail word is read back as it is told", "[model]") {
  for (const OnFail each : {OnFail::ignore, OnFail::demote, OnFail::restart, OnFail::ban, OnFail::block, OnFail::stop,
                            OnFail::standby, OnFail::fence})
    CHECK(parse_on_fail(to_string(each)) == each);
  CHECK_FALSE(parse_on_fail("explode"));
}

TEST_CASE("model: fence is the newer word for suicide", "[model]") {
  CHECK(parse_quorum_policy("fence") == QuorumPolicy::suicide);
  CHECK(parse_quorum_policy("suicide") == QuorumPolicy::suicide);
  CHECK_FALSE(parse_quorum_policy(""));
}

TEST_CASE("model: an agent is told with its provider where it has one", "[model]") {
  Resource resource;
  resource.klass = "ocf";
  resource.provider = "heartbeat";
  resource.type = "IPaddr2";
  CHECK(resource.agent() == "ocf:heartbeat:IPaddr2");
  resource.klass = "systemd";
  resource.provider = "";
  CHECK(resource.agent() == "systemd:IPaddr2");
}

TEST_CASE("model: looking for what is not there gives nothing", "[model]") {
  const ClusterState state;
  CHECK_FALSE(state.node("a"));
  CHECK_FALSE(state.resource("r"));
  CHECK_FALSE(state.collection("g"));
}
