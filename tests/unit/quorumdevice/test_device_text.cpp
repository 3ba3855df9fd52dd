// The arbiter's state as text and JSON.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/quorum/device_text.hpp"

using namespace relevo;
using namespace relevo::cli::quorum;

namespace {

nlohmann::json report(bool alive, bool vote, bool pending) {
  return {{"cluster_name", "web"},
          {"node_id", 1},
          {"nodes", {{{"id", 1}, {"member", true}}, {{"id", 2}, {"member", false}}}},
          {"quorum",
           {{"device_configured", true}, {"device_alive", alive}, {"device_vote", vote}, {"device_pending", pending}, {"device_votes", 1}}}};
}

DeviceFacts facts(bool alive, bool vote, bool pending) {
  const auto read = device_facts(report(alive, vote, pending), "10.0.0.9", "5403", "ffsplit", "lowest");
  REQUIRE(read.has_value());
  return *read;
}

bool says(const DeviceFacts& it, const char* text) { return device_text(it).find(text) != std::string::npos; }

}  // namespace

TEST_CASE("quorum device status: the layout is that of the original's tool", "[quorumdevice]") {
  CHECK(device_text(facts(true, true, false)) ==
        "Qdevice information\n-------------------\nModel:                  Net\nNode ID:                1\nConfigured node list:\n"
        "    0   Node ID = 1\n    1   Node ID = 2\nMembership node list:   1\n\nQdevice-net information\n----------------------\n"
        "Cluster name:           web\nQNetd host:             10.0.0.9:5403\nAlgorithm:              Fifty-Fifty split\n"
        "Tie-breaker:            Node with lowest node ID\nState:                  Connected\nVote:                   ACK\n"
        "Votes:                  1\n");
}

TEST_CASE("quorum device status: no connection, a refusal and a wait are told apart", "[quorumdevice]") {
  CHECK(says(facts(false, false, false), "Connect failed\nVote:                   No arbiter\n"));
  CHECK(says(facts(true, false, false), "Connected\nVote:                   NACK\n"));
  CHECK(says(facts(true, false, true), "Connected\nVote:                   Wait for reply\n"));
  CHECK(device_json(facts(true, false, true)).at("vote") == false);
}

TEST_CASE("quorum device status: a cluster without a device and a report that is none are errors", "[quorumdevice]") {
  const auto none = device_facts({{"quorum", {{"device_configured", false}}}}, "", "", "", "");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == ErrorKind::not_found);
  CHECK(device_facts({{"quorum", {{"device_configured", true}}}}, "", "", "", "").error().kind == ErrorKind::invalid);
  CHECK(device_facts({{"quorum", 3}}, "", "", "", "").error().kind == ErrorKind::invalid);
}
