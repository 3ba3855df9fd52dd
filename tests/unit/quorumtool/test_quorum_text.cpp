// The text of corosync-quorumtool, compared with what the original printed, blank by blank.
#include <catch2/catch.hpp>

#include "cli/lowlevel/quorum_text.hpp"

using namespace relevo::cli::lowlevel;

namespace {

const std::string report = R"({"node_id": 1, "ring_id": "1.6f",
  "members": [{"id": 1, "name": "node1", "votes": 1, "local": true}, {"id": 2, "name": "node2", "votes": 1, "local": false}],
  "nodes": [{"id": 1, "addresses": ["192.168.77.1", "10.0.0.1"]}, {"id": 2, "addresses": ["192.168.77.2"]},
            {"id": 3, "addresses": ["192.168.77.3"]}],
  "quorum": {"provider": "corosync_votequorum", "quorate": true, "expected_votes": 3, "highest_expected": 3,
             "total_votes": 2, "quorum": 2, "two_node": false, "wait_for_all": false, "last_man_standing": false,
             "auto_tie_breaker": false}})";

QuorumText text(const QuorumTextStyle& style = {}) {
  return quorum_text(report, "Sat Nov 21 12:15:59 2026", style).value();
}

}  // namespace

TEST_CASE("quorumtool: the status is that of the original to the last blank", "[quorumtool]") {
  CHECK(text().status ==
        "Quorum information\n"
        "------------------\n"
        "Date:             Sat Nov 21 12:15:59 2026\n"
        "Quorum provider:  corosync_votequorum\n"
        "Nodes:            2\n"
        "Node ID:          1\n"
        "Ring ID:          1.6f\n"
        "Quorate:          Yes\n"
        "\n"
        "Votequorum information\n"
        "----------------------\n"
        "Expected votes:   3\n"
        "Highest expected: 3\n"
        "Total votes:      2\n"
        "Quorum:           2  \n"
        "Flags:            Quorate \n");
  CHECK(text().quorate);
}

TEST_CASE("quorumtool: the members with names, with addresses, with the Qdevice column", "[quorumtool]") {
  CHECK(text().members ==
        "\nMembership information\n----------------------\n"
        "    Nodeid      Votes Name\n"
        "         1          1 node1 (local)\n"
        "         2          1 node2\n");
  QuorumTextStyle style;
  style.qdevice_column = true;
  CHECK(text(style).members ==
        "\nMembership information\n----------------------\n"
        "    Nodeid      Votes    Qdevice Name\n"
        "         1          1         NR node1 (local)\n"
        "         2          1         NR node2\n");
  style = {};
  style.addresses = true;
  CHECK(text(style).members ==
        "\nMembership information\n----------------------\n"
        "    Nodeid      Votes Name\n"
        "         1          1 192.168.77.1 (local)\n"
        "         2          1 192.168.77.2\n");
}

TEST_CASE("quorumtool: without quorum it says that activity is blocked, and shows the flags in their order", "[quorumtool]") {
  auto other = report;
  const auto replace = [&](const std::string& from, const std::string& to) { other.replace(other.find(from), from.size(), to); };
  replace("\"quorate\": true", "\"quorate\": false");
  replace("\"two_node\": false", "\"two_node\": true");
  replace("\"wait_for_all\": false", "\"wait_for_all\": true");
  const auto result = quorum_text(other, "now", {}).value();
  CHECK_FALSE(result.quorate);
  CHECK(result.status.find("Quorate:          No\n") != std::string::npos);
  CHECK(result.status.find("Quorum:           2 Activity blocked\n") != std::string::npos);
  CHECK(result.status.find("Flags:            2Node WaitForAll \n") != std::string::npos);
}

TEST_CASE("quorumtool: a report that is none is an error", "[quorumtool]") {
  CHECK_FALSE(quorum_text("", "now", {}));
  CHECK_FALSE(quorum_text("{}", "now", {}));
  CHECK_FALSE(quorum_text(R"({"quorum": {"quorate": "yes"}})", "now", {}));
}

TEST_CASE("quorumtool: with an arbiter there is its column, its flag and its line", "[quorumtool]") {
  auto other = report;
  const auto at = other.find("\"two_node\"");
  other.insert(at, R"("device_configured": true, "device_alive": true, "device_vote": true, "device_votes": 1, )");
  const auto result = quorum_text(other, "now", {}).value();
  CHECK(result.status.find("Flags:            Quorate Qdevice \n") != std::string::npos);
  CHECK(result.members ==
        "\nMembership information\n----------------------\n"
        "    Nodeid      Votes    Qdevice Name\n"
        "         1          1    A,V,NMW node1 (local)\n"
        "         2          1    A,V,NMW node2\n"
        "         0          1            Qdevice\n");
  other.replace(other.find("\"device_alive\": true"), 20, "\"device_alive\": false");
  other.replace(other.find("\"device_vote\": true"), 19, "\"device_vote\": false");
  CHECK(quorum_text(other, "now", {}).value().members.find("  NA,NV,NMW node1 (local)\n") != std::string::npos);
}
