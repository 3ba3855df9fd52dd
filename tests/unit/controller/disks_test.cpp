// Which version is on whose disk, and when a change counts as stored.
#include <catch2/catch.hpp>

#include "resmgr/controller/digest.hpp"
#include "resmgr/controller/disks.hpp"
#include "resmgr/controller/requests.hpp"

using namespace relevo;
using namespace relevo::controller;

namespace {
const groups::Member one{NodeId(1), 1};
const groups::Member two{NodeId(2), 1};
}  // namespace

TEST_CASE("disks: one write at a time, the latest text next", "[controller]") {
  Disks disks;
  disks.changed({0, 1, 5}, "a", 1);
  const auto first = disks.take_write();
  REQUIRE(first.has_value());
  CHECK(first->cib == "a");
  disks.changed({0, 2, 0}, "b", 1);
  disks.changed({0, 3, 0}, "c", 1);
  CHECK_FALSE(disks.take_write().has_value());
  const auto told = disks.written(first->ticket, true);
  REQUIRE(told.has_value());
  CHECK(told->version == cib::Version{0, 1, 0});
  CHECK(disks.take_write()->cib == "c");
}

TEST_CASE("disks: a failed write confirms nothing", "[controller]") {
  Disks disks;
  disks.changed({0, 1, 0}, "a", 1);
  CHECK_FALSE(disks.written(disks.take_write()->ticket, false).has_value());
}

TEST_CASE("disks: a write that a sync overtook confirms nothing", "[controller]") {
  Disks disks;
  disks.changed({0, 4, 0}, "mine", 1);
  const auto write = disks.take_write();
  disks.forget_members();
  disks.changed({0, 4, 0}, "theirs", 2);
  CHECK_FALSE(disks.written(write->ticket, true).has_value());
}

TEST_CASE("disks: the lowest version counts, and only when everyone has spoken", "[controller]") {
  Disks disks;
  disks.changed({0, 1, 0}, "a", 1);
  disks.changed({0, 2, 0}, "b", 1);
  CHECK(disks.heard(one, {{0, 2, 0}, text_digest("b")}));
  CHECK_FALSE(disks.lowest({one, two}).has_value());
  CHECK(disks.heard(two, {{0, 1, 0}, text_digest("a")}));
  CHECK(disks.lowest({one, two}) == cib::Version{0, 1, 0});
  disks.depart(two);
  CHECK(disks.lowest({one}) == cib::Version{0, 2, 0});
}

TEST_CASE("disks: another text under the same version is noticed", "[controller]") {
  Disks disks;
  disks.changed({0, 1, 0}, "a", 1);
  CHECK_FALSE(disks.heard(two, {{0, 1, 0}, text_digest("z")}));
}

TEST_CASE("commands: each is answered once, in time or with what is known", "[controller]") {
  PendingCommands commands;
  const Instant later = Instant{} + std::chrono::seconds(10);
  commands.add(ConnectionId(1), 11, Command{5, 0, CleanupRequest{}}, later);
  commands.add(ConnectionId(1), 12, Command{5, 0, CleanupRequest{}}, later);
  const auto sent = commands.take_unsent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].id < sent[1].id);
  CHECK(commands.take_unsent().empty());
  commands.find(sent[0].id)->applied = cib::Version{0, 3, 0};
  CHECK(commands.stored_everywhere({0, 2, 0}).empty());
  CHECK(commands.stored_everywhere({0, 3, 0}).size() == 1);
  CHECK(commands.expire(Instant{}).empty());
  const auto late = commands.expire(later);
  REQUIRE(late.size() == 1);
  CHECK(std::get<Error>(late[0].answer).kind == ErrorKind::timeout);
  CHECK(commands.is_empty());
}

TEST_CASE("commands: what was never sent says that nothing was done", "[controller]") {
  PendingCommands commands;
  commands.add(ConnectionId(1), 11, Command{5, 0, CleanupRequest{}}, Instant{});
  const auto late = commands.expire(Instant{});
  REQUIRE(late.size() == 1);
  CHECK(std::get<Error>(late[0].answer).kind == ErrorKind::try_again);
}
