// The text of corosync-cpgtool in its three layouts.
#include <catch2/catch.hpp>

#include "cli/lowlevel/cpg_text.hpp"
#include "membership/client/listing.hpp"

using namespace relevo;
using namespace relevo::cli::lowlevel;

namespace {
const std::vector<membership::NodeInfo> nodes = {{NodeId(1), "one", {"10.66.0.1", "10.67.0.1"}, 1}};
const std::vector<membership::GroupInfo> sample = {
    {"crmd", {{{NodeId(1), 4}, 2515}, {{NodeId(9), 1}, 2471}}},
    {std::string("a\x01" "b\\"), {}},
};
}  // namespace

TEST_CASE("cpgtool: a table of groups with process, node and address of each member", "[tools]") {
  CHECK(cpg_text(sample, nodes, {}) ==
        "Group Name\t       PID\t   Node ID\n"
        "crmd\n"
        "\t\t      2515\t         1 (10.66.0.1)\n"
        "\t\t      2471\t         9 (?)\n"
        "a\\x01b\\x5c\n");
}

TEST_CASE("cpgtool -d: one line a member; -n: names only; -e: the bytes of a name as they are", "[tools]") {
  CHECK(cpg_text(sample, nodes, {false, false, ","}) == "GRP_NAME,PID,NODEID\ncrmd,2515,1\ncrmd,2471,9\n");
  CHECK(cpg_text(sample, nodes, {true, false, ""}) == "crmd\na\\x01b\\x5c\n");
  CHECK(cpg_text(sample, nodes, {true, true, ""}) == "crmd\na\x01" "b\\\n");
}

TEST_CASE("the report of groups comes back as it was, whatever bytes a name has", "[tools]") {
  std::vector<membership::GroupInfo> odd = sample;
  odd.push_back({std::string("\xff\x00z", 3), {{{NodeId(4'000'000'000), 1}, 4'000'000'001}}});
  const auto back = membership::read_groups(membership::write_groups(odd)).value();
  REQUIRE(back.size() == 3);
  CHECK(back[2].name == odd[2].name);
  CHECK(back[2].members[0].pid == 4'000'000'001);
  CHECK(back[0].members[1].member == groups::Member{NodeId(9), 1});
  for (const auto* bad : {"", "[]", R"({"groups": 1})", R"({"groups": [{"name_hex": "zz", "members": []}]})", R"({"groups": [{"name_hex": "61"}]})"})
    CHECK_FALSE(membership::read_groups(bad));
}
