// cluster.conf: what is read, what is refused, and with which words.
#include <catch2/catch.hpp>

#include "common/config/cluster_config.hpp"

using namespace relevo;
using config::parse_cluster_config;

namespace {

const char* const tutorial = R"(totem {
    version: 2
    cluster_name: cluster1
    transport: udp
}

nodelist {
    node {
        ring0_addr: 172.31.0.11
        name: nodo1.example.com
        nodeid: 1
    }

    node {
        ring0_addr: 172.31.0.12
        name: nodo2.example.com
        nodeid: 2
    }
}

quorum {
    provider: corosync_votequorum
    two_node: 1
}

logging {
    to_logfile: yes
    logfile: /var/log/corosync/corosync.log
    to_syslog: yes
    timestamp: on
}
)";

std::string with(const std::string& totem, const std::string& nodes) {
  return "totem {\nversion: 2\n" + totem + "}\nnodelist {\n" + nodes + "}\n";
}

std::string node(int id, const std::string& address, const std::string& more = "") {
  return "node {\nnodeid: " + std::to_string(id) + "\nring0_addr: " + address + "\n" + more + "}\n";
}

std::string error_of(const std::string& text) {
  const auto result = parse_cluster_config(text, "cluster.conf");
  REQUIRE_FALSE(result);
  return result.error().message;
}

}  // namespace

TEST_CASE("config: the tutorial's file is read as it stands", "[config]") {
  const auto config = parse_cluster_config(tutorial, "cluster.conf");
  REQUIRE(config);
  REQUIRE(config->nodes.size() == 2);
  CHECK(config->nodes[1].name == "nodo2.example.com");
  CHECK(config->nodes[1].addresses == std::vector<std::string>{"172.31.0.12"});
  CHECK(config->totem.cluster_name == "cluster1");
  CHECK(config->quorum.two_node);
  CHECK(config->quorum.wait_for_all);
  CHECK(config->logging.logfile == "/var/log/corosync/corosync.log");
  CHECK(config->raw.at("nodelist.node.0.ring0_addr") == "172.31.0.11");
}

TEST_CASE("config: transport udp is accepted and a note says that relevo encrypts always", "[config]") {
  const auto config = parse_cluster_config(tutorial, "cluster.conf");
  REQUIRE(config);
  const auto said = std::any_of(config->notes.begin(), config->notes.end(),
                                [](const Note& n) { return n.text.find("always encrypted") != std::string::npos; });
  CHECK(said);
}

TEST_CASE("config: an unknown key names file, line and the near word", "[config]") {
  CHECK(error_of(with("tokn: 1000\n", node(1, "10.0.0.1"))) ==
        "cluster.conf: line 3: unknown key 'tokn' in totem (did you mean 'token'?)");
}

TEST_CASE("config: a duplicate key is refused", "[config]") {
  CHECK(error_of(with("token: 1000\ntoken: 1000\n", node(1, "10.0.0.1"))).find("line 4: 'token' stands twice") !=
        std::string::npos);
}

TEST_CASE("config: wrong types and impossible values say what is allowed", "[config]") {
  CHECK(error_of(with("token: soon\n", node(1, "10.0.0.1"))).find("milliseconds from 10 to 600000") != std::string::npos);
  CHECK(error_of(with("token: 7\n", node(1, "10.0.0.1"))).find("line 3") != std::string::npos);
  CHECK(error_of(with("transport: tcp\n", node(1, "10.0.0.1"))).find("knet, udp, udpu") != std::string::npos);
  CHECK(error_of(with("heartbeat_interval: 20\nlink_timeout: 40\n", node(1, "10.0.0.1"))).find("two and a half heartbeats") != std::string::npos);
  CHECK(error_of("totem {\nversion: 3\n}\n").find("allowed is 2") != std::string::npos);
}

TEST_CASE("config: nodes that contradict each other are refused", "[config]") {
  CHECK(error_of(with("", node(1, "10.0.0.1") + node(1, "10.0.0.2"))).find("nodeid 1 is used twice") != std::string::npos);
  CHECK(error_of(with("", node(1, "10.0.0.1") + node(2, "10.0.0.1"))).find("belongs to node 1 and node 2") !=
        std::string::npos);
  CHECK(error_of(with("", node(1, "10.0.0.1", "ring1_addr: 10.1.0.1\n") + node(2, "10.0.0.2"))).find("same number") !=
        std::string::npos);
  CHECK(error_of(with("", "node {\nring0_addr: 10.0.0.1\n}\n")).find("no 'nodeid'") != std::string::npos);
  CHECK(error_of("totem {\nversion: 2\n}\n").find("no nodes") != std::string::npos);
}

TEST_CASE("config: broken syntax names the line", "[config]") {
  CHECK(error_of("totem {\nversion: 2\n").find("line 1: section 'totem' is never closed") != std::string::npos);
  CHECK(error_of("}\n").find("line 1: '}' closes nothing") != std::string::npos);
  CHECK(error_of("totem {\nversion 2\n}\n").find("line 2") != std::string::npos);
  CHECK(error_of("totm {\n}\n").find("did you mean 'totem'?") != std::string::npos);
  CHECK(error_of("token: 5\n").find("outside of any section") != std::string::npos);
}

TEST_CASE("config: two_node in a cluster of three is ignored with a warning", "[config]") {
  const auto config = parse_cluster_config(
      with("", node(1, "10.0.0.1") + node(2, "10.0.0.2") + node(3, "10.0.0.3")) +
          "quorum {\nprovider: corosync_votequorum\ntwo_node: 1\n}\n",
      "f");
  REQUIRE(config);
  CHECK_FALSE(config->quorum.two_node);
  CHECK(config->notes.back().level == Level::warning);
}

TEST_CASE("config: quorum options without a provider are refused", "[config]") {
  CHECK(error_of(with("", node(1, "10.0.0.1")) + "totem {\n}\n").find("a second 'totem' section") != std::string::npos);
  CHECK(error_of(with("", node(1, "10.0.0.1")) + "quorum {\ntwo_node: 1\n}\n").find("provider") != std::string::npos);
}
