// Which files mean the same, what a change is, whose configuration a ring takes, and the bytes of the messages.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/reload/messages.hpp"
#include "membership/reload/settle.hpp"
#include "tests/unit/config/files.hpp"

using namespace relevo;
using namespace relevo::reload;
using config_test::file_text;

namespace {

config::ClusterConfig read(const std::string& text) {
  auto config = config::parse_cluster_config(text, "f");
  INFO((config ? std::string{} : config.error().message));
  REQUIRE(config);
  return *config;
}

std::string refusal(const std::string& now, const std::string& next) {
  const auto difference = compare(read(now), read(next), NodeId(1));
  REQUIRE_FALSE(difference);
  return difference.error().message;
}

}  // namespace

TEST_CASE("in force: comments, blanks, logging and what has no effect do not count", "[reload]") {
  const auto plain = in_force_of(read(file_text("", 2)));
  CHECK(in_force_of(read("# a word\n\n" + file_text("secauth: on\n", 2, 1, "logging {\ndebug: on\n}\n"))) == plain);
  CHECK(in_force_of(read(file_text("token: 3000\n", 2))) != plain);
  CHECK(in_force_of(read(file_text("", 3))) != plain);
  CHECK(in_force_of(read(file_text("", 2, 2))) != plain);
}

TEST_CASE("in force: another version of the same is another version, with the same digest", "[reload]") {
  const auto one = in_force_of(read(file_text("config_version: 1\n", 2)));
  const auto two = in_force_of(read(file_text("config_version: 2\n", 2)));
  CHECK(one.digest == two.digest);
  CHECK(two.version == 2);
}

TEST_CASE("in force: a file gets another version in its own line, or as the first line of totem", "[reload]") {
  CHECK(with_version("totem {\n  config_version: 7\n}\n", 8) == "totem {\n  config_version: 8\n}\n");
  CHECK(read(with_version(file_text("", 2), 9)).totem.config_version == 9);
  CHECK(read(with_version(file_text("config_version : 3\n", 2), 9)).totem.config_version == 9);
}

TEST_CASE("in force: a change names its keys, nodes, and what needs a restart", "[reload]") {
  const auto now = file_text("token: 3000\n", 2);
  const auto next = file_text("token: 4000\nlink_mode: active\n", 3, 1, "system {\nsched_rr: no\n}\n");
  const auto difference = compare(read(now), read(next), NodeId(1));
  REQUIRE(difference);
  CHECK(difference->changed == std::vector<std::string>{"system.sched_rr: the default -> no", "totem.link_mode: the default -> active",
                                                        "totem.token: 3000 -> 4000", "node 3 (n3) is new"});
  CHECK(difference->restart == std::vector<std::string>{"system.sched_rr"});
  CHECK_FALSE(difference->removes_self);
  CHECK(compare(read(next), read(now), NodeId(3))->removes_self);
}

TEST_CASE("in force: what makes it another cluster or another node is refused", "[reload]") {
  const auto now = file_text("", 2);
  auto other = now;
  CHECK_THAT(refusal(now, other.replace(other.find("cluster_name: c"), 15, "cluster_name: d")), Catch::Contains("totem.cluster_name"));
  other = now;
  CHECK_THAT(refusal(now, other.replace(other.find("nodeid: 2"), 9, "nodeid: 7")), Catch::Contains("an id cannot change"));
  other = now;
  CHECK_THAT(refusal(now, other.replace(other.find("name: n2"), 8, "name: x2")), Catch::Contains("remove it"));
  CHECK_THAT(refusal(now, file_text("keyfile: /k\n", 2)), Catch::Contains("totem.keyfile"));
}

TEST_CASE("settle: the greatest version counts, and its smallest holder tells the others", "[reload]") {
  const auto ring = settle({{NodeId(1), {{1, 10}, true}}, {NodeId(2), {{3, 30}, false}}, {NodeId(3), {{3, 30}, false}}});
  CHECK(ring.in_force == InForce{3, 30});
  CHECK(ring.teller == NodeId(2));
  CHECK(ring.stale);
  CHECK_FALSE(ring.clash);
}

TEST_CASE("settle: of two contents of one version, who had quorum wins, then the many, then the smallest node", "[reload]") {
  const auto quorate = settle({{NodeId(1), {{3, 10}, false}}, {NodeId(2), {{3, 10}, false}}, {NodeId(3), {{3, 30}, true}}});
  CHECK(quorate.in_force == InForce{3, 30});
  CHECK(quorate.clash == NodeId(1));
  const auto many = settle({{NodeId(1), {{3, 10}, false}}, {NodeId(2), {{3, 30}, false}}, {NodeId(3), {{3, 30}, false}}});
  CHECK(many.in_force == InForce{3, 30});
  const auto even = settle({{NodeId(1), {{3, 40}, false}}, {NodeId(2), {{3, 30}, false}}});
  CHECK(even.in_force == InForce{3, 40});
  CHECK_FALSE(even.stale);
}

TEST_CASE("messages: what is written is read, and no other bytes are", "[reload]") {
  const Id id{NodeId(4), 77};
  const std::vector<Message> all = {Prepare{id, {1, 2}, {3, 4}, "text"}, Vote{id, false, "no room"}, Vote{id, true, ""}, Abort{id},
                                    Adopt{{5, 6}, "more text"}};
  for (const auto& message : all) {
    const auto bytes = encode(message);
    REQUIRE(decode(bytes));
    CHECK(*decode(bytes) == message);
    for (std::size_t length = 0; length < bytes.size(); ++length) CHECK_FALSE(decode(BytesView(bytes).first(length)));
  }
  CHECK_FALSE(decode(encode(Message(Prepare{id, {}, {}, std::string(max_text + 1, 'x')}))));
}

TEST_CASE("messages: any bytes are safe", "[reload]") {
  Rng rng(7);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(rng.below(60));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(256));
    if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(rng.below(6));
    if (const auto message = decode(bytes)) CHECK(decode(encode(*message)) == message);
  }
}
