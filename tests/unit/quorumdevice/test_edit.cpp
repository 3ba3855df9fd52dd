// The device section in the text of a configuration file.
#include <catch2/catch.hpp>

#include "cli/quorum/edit.hpp"
#include "common/config/cluster_config.hpp"

using namespace relevo;
using namespace relevo::cli::quorum;

namespace {

const std::string before =
    "totem {\n  version: 2\n  cluster_name: web\n}\n\nnodelist {\n  node {\n    ring0_addr: 10.0.0.1\n    nodeid: 1\n  }\n  node {\n"
    "    ring0_addr: 10.0.0.2\n    nodeid: 2\n  }\n}\n# who may act\nquorum {\n  # votes decide\n  provider: corosync_votequorum\n";
const std::string after = "}\nlogging {\n  to_syslog: no\n}\n";

DeviceWords words() { return {{{"timeout", "5000"}}, {{"host", "q.example"}, {"algorithm", "lms"}}}; }

}  // namespace

TEST_CASE("quorum device edit: the section stands at the end of quorum and every other line is as it was", "[quorumdevice]") {
  const auto edited = add_device(before + after, words());
  REQUIRE(edited.has_value());
  CHECK(edited->removed.empty());
  CHECK(edited->text == before +
                            "  device {\n    model: net\n    timeout: 5000\n    net {\n      host: q.example\n      algorithm: lms\n    }\n  }\n" +
                            after);
  const auto config = config::parse_cluster_config(edited->text, "cluster.conf");
  REQUIRE(config.has_value());
  CHECK(config->quorum.device.configured);
  CHECK(config->quorum.device.host == "q.example");
  CHECK(config->quorum.device.algorithm == "lms");
  CHECK(config->quorum.device.timeout == std::chrono::seconds(5));
}

TEST_CASE("quorum device edit: removing it gives the file of before", "[quorumdevice]") {
  const auto edited = add_device(before + after, words());
  REQUIRE(edited.has_value());
  const auto removed = remove_device(edited->text);
  REQUIRE(removed.has_value());
  CHECK(removed->text == before + after);
}

TEST_CASE("quorum device edit: what does not go with an arbiter is taken out and named", "[quorumdevice]") {
  const auto edited = add_device(before + "  two_node: 1\n  wait_for_all: 1\n  # two_node: 0\n" + after, words());
  REQUIRE(edited.has_value());
  CHECK(edited->removed == std::vector<std::string>{"two_node: 1"});
  CHECK(edited->text.find("  two_node: 1\n") == std::string::npos);
  CHECK(edited->text.find("  wait_for_all: 1\n  # two_node: 0\n  device {") != std::string::npos);
  CHECK(config::parse_cluster_config(edited->text, "cluster.conf").has_value());
}

TEST_CASE("quorum device edit: a second device, none to remove and no quorum section are errors", "[quorumdevice]") {
  const auto edited = add_device(before + after, words());
  REQUIRE(edited.has_value());
  const auto again = add_device(edited->text, words());
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().kind == ErrorKind::exists);
  const auto none = remove_device(before + after);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == ErrorKind::not_found);
  const auto nowhere = add_device("totem {\n  version: 2\n}\n", words());
  REQUIRE_FALSE(nowhere.has_value());
  CHECK(nowhere.error().message.find("no quorum section") != std::string::npos);
}

TEST_CASE("quorum device edit: a device elsewhere and one in a comment are not the quorum's", "[quorumdevice]") {
  CHECK_FALSE(remove_device("resources {\n  device {\n    model: x\n  }\n}\n").has_value());
  CHECK_FALSE(remove_device("quorum {\n  # device {\n  provider: corosync_votequorum\n}\n").has_value());
}
