// Names of operations, made and taken apart.
#include <catch2/catch.hpp>

#include "resmgr/policy/set/actions.hpp"

using namespace relevo;
using namespace relevo::policy;

TEST_CASE("policy keys: a key holds resource, task and interval, and gives them back", "[policy]") {
  CHECK(op_key("vip", "start") == "vip_start_0");
  CHECK(op_key("vip", "monitor", 10s) == "vip_monitor_10000");
  const auto parts = parse_key("my_odd_ip_monitor_10000");
  REQUIRE(parts);
  CHECK(parts->rsc == "my_odd_ip");
  CHECK(parts->task == "monitor");
  CHECK(parts->interval == 10s);
}

TEST_CASE("policy keys: tasks of two words are not taken for a part of the name", "[policy]") {
  const auto migration = parse_key("vm_1_migrate_from_0");
  REQUIRE(migration);
  CHECK(migration->rsc == "vm_1");
  CHECK(migration->task == "migrate_from");
  CHECK(notify_key("drbd:0", "confirmed-post", "promote") == "drbd:0_confirmed-post_notify_promote_0");
}

TEST_CASE("policy keys: what is no key gives nothing", "[policy]") {
  for (const char* text : {"", "_", "start", "vip_start", "vip_start_", "vip_start_x", "_start_0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_key(text));
  }
}
