// corosync-cmapctl: lines, values against their types, changes, what may be set, settings files.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/lowlevel/cmap_text.hpp"

using namespace relevo;
using namespace relevo::cli::lowlevel;

namespace {
const CmapEntries map = {{"totem.token", {"u32", "3000"}}, {"totem.version", {"u32", "2"}}, {"nodelist.node.0.name", {"str", "a b"}}};
std::string why(const Status& s) { return s ? "" : s.error().message; }
}  // namespace

TEST_CASE("cmapctl: keys come as KEY (TYPE) = VALUE in their order, or the values alone", "[tools]") {
  CHECK(cmap_list(map, "") == "nodelist.node.0.name (str) = a b\ntotem.token (u32) = 3000\ntotem.version (u32) = 2\n");
  CHECK(cmap_list(map, "totem.t") == "totem.token (u32) = 3000\n");
  CHECK(cmap_list(map, "totem.t", true) == "3000\n");
  CHECK(cmap_list(map, "zebra").empty());
}

TEST_CASE("cmapctl: a value is checked against its type in the words of the original", "[tools]") {
  CHECK(why(check_cmap_value("u8", "255")).empty());
  CHECK(why(check_cmap_value("u8", "700")) == "700 is not valid u8 integer");
  CHECK(why(check_cmap_value("i8", "-128")).empty());
  CHECK(why(check_cmap_value("i8", "-129")) == "-129 is not valid i8 integer");
  CHECK(why(check_cmap_value("u64", "18446744073709551615")).empty());
  CHECK(why(check_cmap_value("u32", "x")) == "x is not valid u32 integer");
  CHECK(why(check_cmap_value("u99", "7")) == "Unknown type u99");
  CHECK(why(check_cmap_value("flt", "-1.5")).empty());
  CHECK_FALSE(check_cmap_value("dbl", "1.5.2"));
  CHECK_FALSE(check_cmap_value("dbl", ""));
}

TEST_CASE("cmapctl -t: what came, changed and went between two looks", "[tools]") {
  auto now = map;
  now.erase("nodelist.node.0.name");
  now["totem.token"].value = "5000";
  now["totem.join"] = {"u32", "50"};
  CHECK(cmap_changes(map, now, "", true) ==
        "delete> nodelist.node.0.name (str)\ncreate> totem.join (u32) = 50\nmodify> totem.token (u32) = 5000\n");
  CHECK(cmap_changes(map, now, "totem.token", false) == "modify> totem.token (u32) = 5000\n");
  CHECK(cmap_changes(map, now, "totem.tok", false).empty());
}

TEST_CASE("cmapctl -s: orders become commands, everything else says where it is changed", "[tools]") {
  CHECK(command_to_set("quorum.expected_votes", "3").value() == "expected-votes 3");
  CHECK(command_to_set("quorum.cancel_wait_for_all", "1").value() == "cancel-wait-for-all");
  CHECK_FALSE(command_to_set("quorum.cancel_wait_for_all", "0"));
  for (const auto* key : {"totem.token", "nodelist.node.0.name", "runtime.config.totem.token", "stats.srp.mcast_tx", "my.own"}) {
    const auto refused = command_to_set(key, "1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::unsupported);
  }
  CHECK(command_to_set("totem.token", "1").error().message.find("corosync-cfgtool -R") != std::string::npos);
}

TEST_CASE("cmapctl -p: keys to set and to delete, comments, and a line that lacks its value", "[tools]") {
  const auto good = read_cmap_settings("# c\n\nquorum.expected_votes u32 3\na.b str two words \n^x\n^^y.\n").value();
  REQUIRE(good.size() == 4);
  CHECK(good[0].value == "3");
  CHECK(good[1].value == "two words");
  CHECK((good[2].kind == CmapSetting::Kind::erase && good[2].key == "x"));
  CHECK((good[3].kind == CmapSetting::Kind::erase_prefix && good[3].key == "y."));
  CHECK(read_cmap_settings("ok u8 1\nbad u8\n").error().message == "line 2: Both type and value for key bad are required");
  CHECK_FALSE(read_cmap_settings("^\n"));
}

TEST_CASE("cmapctl: a report that is no map of typed values is an error", "[tools]") {
  CHECK(read_cmap(nlohmann::json::parse(R"({"k": {"type": "u8", "value": "1"}})")).value().at("k") == CmapEntry{"u8", "1"});
  CHECK_FALSE(read_cmap(nlohmann::json::parse(R"({"k": 1})")));
  CHECK_FALSE(read_cmap(nlohmann::json::parse(R"({"k": {"type": 1, "value": "1"}})")));
}
