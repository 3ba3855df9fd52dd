// Options and nodes: who is here, well, and willing.
#include "tests/unit/unpack/make.hpp"

using namespace relevo;
using namespace relevo::test;

namespace {

/// Node a with this presence, fencing on or off.
model::Node node_a(const std::string& presence, bool fencing, const std::string& attributes = "") {
  Parts parts;
  parts.options = pair("stonith-enabled", fencing ? "true" : "false");
  parts.status = state_of_a("", attributes, presence);
  return *unpacked(parts).node("a");
}

constexpr const char* gone = R"(in_ccm="false" crmd="offline" join="down" expected="member")";
constexpr const char* left = R"(in_ccm="false" crmd="offline" join="down" expected="down")";
constexpr const char* mute = R"(in_ccm="true" crmd="offline" join="down" expected="member")";
constexpr const char* joining = R"(in_ccm="true" crmd="online" join="pending" expected="member")";

}  // namespace

TEST_CASE("unpack: a member is online", "[unpack]") {
  for (const bool fencing : {false, true}) {
    const auto node = node_a(present, fencing);
    CHECK(node.online);
    CHECK_FALSE(node.unclean);
    CHECK(node.available());
  }
}

TEST_CASE("unpack: newer documents write times where older ones wrote booleans", "[unpack]") {
  CHECK(node_a(R"(in_ccm="1699999000" crmd="1699999001" join="member" expected="member")", true).online);
  CHECK_FALSE(node_a(R"(in_ccm="0" crmd="0" join="down" expected="down")", false).online);
}

TEST_CASE("unpack: a node that vanished is unclean with fencing, and only offline without", "[unpack]") {
  CHECK(node_a(gone, true).unclean);
  CHECK(node_a(gone, true).unclean_reason == "peer is no longer part of the cluster");
  CHECK_FALSE(node_a(gone, false).unclean);
  CHECK_FALSE(node_a(gone, false).online);
}

TEST_CASE("unpack: a node that left is offline and clean", "[unpack]") {
  CHECK_FALSE(node_a(left, true).unclean);
  CHECK_FALSE(node_a(left, true).online);
}

TEST_CASE("unpack: a member whose resource manager is gone is unclean", "[unpack]") {
  CHECK(node_a(mute, true).unclean);
  CHECK(node_a(mute, false).unclean);
  CHECK_FALSE(node_a(mute, false).online);
}

TEST_CASE("unpack: a joining node is not available yet", "[unpack]") {
  CHECK(node_a(joining, true).pending);
  CHECK_FALSE(node_a(joining, true).available());
  CHECK_FALSE(node_a(joining, false).available());
}

TEST_CASE("unpack: a node that asked to leave is not fenced, and takes no resources", "[unpack]") {
  const auto node = node_a(present, true, pair("shutdown", "1699999999"));
  CHECK(node.shutdown);
  CHECK(node.online);
  CHECK_FALSE(node.unclean);
  CHECK_FALSE(node.available());
}

TEST_CASE("unpack: a node without any status is unclean until it has been seen", "[unpack]") {
  Parts parts;
  CHECK(unpacked(parts).node("b")->unclean);
  parts.options += pair("startup-fencing", "false");
  CHECK_FALSE(unpacked(parts).node("b")->unclean);
}

TEST_CASE("unpack: a transient attribute comes before a permanent one of that name", "[unpack]") {
  Parts parts;
  parts.nodes = R"(<node id="1" uname="a"><instance_attributes id="na">)" + pair("standby", "on") +
                "</instance_attributes></node>";
  CHECK(unpacked(parts).node("a")->standby);
  parts.status = state_of_a("", R"(<nvpair id="t" name="standby" value="off"/>)");
  CHECK_FALSE(unpacked(parts).node("a")->standby);
}

TEST_CASE("unpack: options have their documented defaults, and bad values give a warning and the default", "[unpack]") {
  Parts parts;
  parts.options = "";
  const auto plain = unpacked(parts);
  CHECK(plain.options.stonith_enabled);
  CHECK(plain.options.symmetric_cluster);
  CHECK(plain.options.no_quorum_policy == model::QuorumPolicy::stop);
  CHECK(plain.warnings.empty());
  parts.options = pair("symmetric-cluster", "perhaps") + pair("no-quorum-policy", "pray");
  const auto odd = unpacked(parts);
  CHECK(odd.options.symmetric_cluster);
  REQUIRE(odd.warnings.size() == 2);
  CHECK(odd.warnings[0].find("no-quorum-policy") != std::string::npos);
}

TEST_CASE("unpack: quorum is what the document says, and no word is no quorum", "[unpack]") {
  Parts parts;
  CHECK(unpacked(parts).options.have_quorum);
  parts.attributes = "";
  CHECK_FALSE(unpacked(parts).options.have_quorum);
}
