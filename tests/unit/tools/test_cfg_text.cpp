// The text of corosync-cfgtool, compared with what the original printed, blank by blank.
#include <catch2/catch.hpp>

#include "cli/lowlevel/cfg_text.hpp"
#include "tests/unit/tools/report.hpp"

using namespace relevo;
using namespace relevo::cli::lowlevel;

TEST_CASE("cfgtool -s: each link with what it sees of each node", "[tools]") {
  CHECK(cfg_links(test::report(), false, "").value() ==
        "Local node ID 1, transport knet\n"
        "LINK ID 0 udp\n"
        "\taddr\t= 10.66.0.1\n"
        "\tstatus:\n"
        "\t\tnodeid:          1:\tlocalhost\n"
        "\t\tnodeid:          2:\tconnected\n"
        "\t\tnodeid:          3:\tdisconnected\n"
        "LINK ID 1 udp\n"
        "\taddr\t= 10.67.0.1\n"
        "\tstatus:\n"
        "\t\tnodeid:          1:\tlocalhost\n"
        "\t\tnodeid:          2:\tdisconnected\n"
        "\t\tnodeid:          3:\tdisconnected\n");
}

TEST_CASE("cfgtool -s -b: one letter a node, in the order of the node list", "[tools]") {
  CHECK(cfg_links(test::report(), true, "").value() ==
        "Local node ID 1, transport knet\n"
        "LINK ID 0 udp\n\taddr\t= 10.66.0.1\n\tstatus\t= n31\n"
        "LINK ID 1 udp\n\taddr\t= 10.67.0.1\n\tstatus\t= n11\n");
}

TEST_CASE("cfgtool -i: a link by its number or its address, and an error for one that is not there", "[tools]") {
  const std::string only_one = "Local node ID 1, transport knet\nLINK ID 1 udp\n\taddr\t= 10.67.0.1\n\tstatus\t= n11\n";
  CHECK(cfg_links(test::report(), true, "1").value() == only_one);
  CHECK(cfg_links(test::report(), true, "10.67.0.1").value() == only_one);
  const auto none = cfg_links(test::report(), true, "9.9.9.9");
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
}

TEST_CASE("cfgtool -n: the nodes that are reachable, with their links", "[tools]") {
  CHECK(cfg_nodes(test::report()).value() ==
        "Local node ID 1, transport knet\n"
        "nodeid: 2 reachable\n"
        "   LINK: 0 udp (10.66.0.1->10.66.0.2) enabled connected mtu: 1472\n"
        "   LINK: 1 udp (10.67.0.1->10.67.0.2) enabled mtu: 0\n\n");
}

TEST_CASE("cfgtool -a: the addresses of a node, also of one that is away; another node is an error", "[tools]") {
  CHECK(cfg_addresses(test::report(), 3).value() == "10.66.0.3 10.67.0.3\n");
  const auto none = cfg_addresses(test::report(), 9);
  REQUIRE_FALSE(none);
  CHECK(none.error().message == "Could not get node address for nodeid 9");
}

TEST_CASE("cfgtool: a report that is none is an error", "[tools]") {
  CHECK_FALSE(cfg_links(nlohmann::json::object(), false, ""));
  CHECK_FALSE(cfg_nodes(nlohmann::json::parse(R"({"node_id": "one"})")));
}
