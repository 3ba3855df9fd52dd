// The hello round: completeness, the choice of the best state, members that are left out.
#include <catch2/catch.hpp>

#include "resmgr/controller/sync.hpp"

using namespace relevo;
using namespace relevo::controller;

namespace {
const groups::Member one{NodeId(1), 1};
const groups::Member two{NodeId(2), 1};
const groups::Member three{NodeId(3), 1};

Hello hello(std::uint64_t lineage, std::uint64_t epoch, std::uint64_t updates = 0) {
  Hello h;
  h.lineage = lineage;
  h.version = {0, epoch, updates};
  return h;
}
}  // namespace

TEST_CASE("sync: the later lineage wins over the greater version", "[controller]") {
  SyncRound round;
  round.restart({one, two, three}, {});
  round.hear(one, hello(4, 99));
  round.hear(two, hello(8, 5));
  CHECK_FALSE(round.is_complete());
  round.hear(three, hello(8, 6));
  CHECK(round.is_complete());
  CHECK(round.chosen() == three);
}

TEST_CASE("sync: among equals the lowest member is chosen", "[controller]") {
  SyncRound round;
  round.restart({one, two, three}, {});
  for (const auto& m : {three, two, one}) round.hear(m, hello(4, 7, 1));
  CHECK(round.chosen() == one);
  round.hear(two, hello(4, 7, 2));
  CHECK(round.chosen() == two);
}

TEST_CASE("sync: who departs is not waited for", "[controller]") {
  SyncRound round;
  round.restart({one, two}, {});
  round.hear(one, hello(1, 1));
  round.depart(two);
  CHECK(round.is_complete());
}

TEST_CASE("sync: a silent member is left out, and its voice starts a new round", "[controller]") {
  SyncRound round;
  round.restart({one, two, three}, {});
  round.hear(one, hello(1, 1));
  round.hear(two, hello(1, 1));
  CHECK(round.laggards() == std::vector{three});
  round.give_up({{one, two, three}, {three}});
  CHECK(round.is_complete());
  CHECK(round.is_mute(three));
  CHECK_FALSE(round.hear(three, hello(1, 1)));
}

TEST_CASE("sync: giving up on someone who has spoken meanwhile does nothing", "[controller]") {
  SyncRound round;
  round.restart({one, two}, {});
  round.hear(one, hello(1, 1));
  round.hear(two, hello(9, 1));
  round.give_up({{one, two}, {one}});
  CHECK_FALSE(round.is_mute(one));
  // All have spoken and the chosen one is silent: then it is the one to leave out.
  round.give_up({{one, two}, {two}});
  CHECK(round.chosen() == one);
  round.give_up({{one}, {one}});  // of another view
  CHECK_FALSE(round.is_mute(one));
}
