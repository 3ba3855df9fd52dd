// What breaks in the middle: every node killed at every step, disks that refuse, partitions. All must still talk.
#include <catch2/catch.hpp>

#include "tests/unit/keys/bus.hpp"

using namespace relevo;
using test::Bus;

namespace {
int steps_of_a_rotation() {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  return bus.run();
}
}  // namespace

TEST_CASE("fault: a node killed at any step leaves survivors that talk, and comes back into one key", "[keys]") {
  const int steps = steps_of_a_rotation();
  REQUIRE(steps > 10);
  for (std::uint32_t victim : {1U, 2U, 3U}) {
    for (int at = 0; at <= steps; ++at) {
      CAPTURE(victim, at);
      Bus bus(3);
      bus.meet({1, 2, 3});
      bus.rotate(1);
      bus.run(at);
      bus.kill(victim);
      REQUIRE(bus.all_hear());
      std::set<std::uint32_t> rest{1, 2, 3};
      rest.erase(victim);
      bus.form(rest);
      while (bus.step()) REQUIRE(bus.all_hear());
      const auto one = bus.text(*rest.begin());
      CHECK(bus.text(*rest.rbegin()) == one);
      CHECK((one == "10*" || one == "10 11*"));
      bus.boot(victim);
      REQUIRE(bus.all_hear());
      bus.form({1, 2, 3});
      while (bus.step()) REQUIRE(bus.all_hear());
      for (auto n : {1U, 2U, 3U}) {
        CHECK(bus.text(n) == bus.text(1));
        CHECK(bus.file(n) == bus.text(n));
      }
      if (victim != 1) CHECK(bus.answers.size() == 1);
      CHECK(bus.broken_files.empty());
    }
  }
}

TEST_CASE("fault: a partition at any step leaves every pair able to talk, before and after it heals", "[keys]") {
  const int steps = steps_of_a_rotation();
  for (int at = 0; at <= steps; ++at) {
    for (std::uint32_t alone : {1U, 2U, 3U}) {
      CAPTURE(at, alone);
      Bus bus(3);
      bus.meet({1, 2, 3});
      bus.rotate(1);
      bus.run(at);
      std::set<std::uint32_t> rest{1, 2, 3};
      rest.erase(alone);
      bus.form({alone}, false);
      bus.form(rest, true);
      while (bus.step()) REQUIRE(bus.all_hear());
      bus.form({1, 2, 3});
      while (bus.step()) REQUIRE(bus.all_hear());
      for (auto n : {1U, 2U, 3U}) CHECK(bus.file(n) == bus.text(1));
      CHECK(bus.answers.size() == 1);
    }
  }
}

TEST_CASE("fault: a disk that takes no key leaves all with the old one, and the words name the node", "[keys]") {
  for (std::uint32_t bad : {1U, 2U, 3U}) {
    Bus bus(3);
    bus.meet({1, 2, 3});
    bus.bad_disks = {bad};
    bus.rotate(1);
    while (bus.step()) REQUIRE(bus.all_hear());
    for (auto n : {1U, 2U, 3U}) {
      CHECK(bus.text(n) == "10*");
      CHECK(bus.file(n) == "10*");
    }
    REQUIRE(bus.answers.size() == 1);
    REQUIRE_FALSE(bus.answers[0].second);
    CHECK(bus.answers[0].second.error().message.find(fmt::format("node {}: no space left", bad)) != std::string::npos);
    bus.bad_disks.clear();
    bus.rotate(1);
    bus.run();
    for (auto n : {1U, 2U, 3U}) CHECK(bus.file(n) == "10 11*");
  }
}

TEST_CASE("fault: a latecomer whose disk is full keeps talking with the old key and is not cut off", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2});
  bus.rotate(1, true);
  bus.run();
  bus.bad_disks = {3};
  bus.form({1, 2, 3});
  while (bus.step()) REQUIRE(bus.all_hear());
  CHECK(bus.text(3) == "10*");
  CHECK(bus.text(1) == "10 12*");
  CHECK(bus.said("node 3: no space left"));
  bus.pass(10min);
  bus.run();
  CHECK(bus.text(1) == "10 12*");
}

TEST_CASE("fault: a node that could not write the switch is told again, and nothing is retired before it has", "[keys]") {
  Bus bus(3);
  bus.meet({1, 2, 3});
  bus.rotate(1);
  while (bus.text(2) != "10 11*") REQUIRE(bus.step());
  bus.bad_disks = {2};
  bus.run();
  CHECK(bus.file(2) == "10* 11");
  bus.pass(10min);
  bus.run();
  CHECK(bus.text(1) == "10 11*");
  bus.bad_disks.clear();
  bus.kill(2);
  bus.boot(2);
  REQUIRE(bus.all_hear());
  bus.meet({1, 2, 3});
  CHECK(bus.file(2) == "10 11*");
  bus.pass(61s);
  bus.run();
  CHECK(bus.file(2) == "10- 11*");
}

TEST_CASE("fault: a key that could not be written is not left in the file by a write that was under way behind it", "[keys]") {
  Bus bus(3);
  bus.kill(1);
  bus.meet({2, 3});
  bus.rotate(2, true);
  bus.run();
  bus.boot(1);
  bus.bad_disks = {1};
  bus.meet({1, 2, 3});
  REQUIRE(bus.said("node 1: no space left"));
  bus.bad_disks.clear();
  bus.rotate(1);  // node 1 gives a new key to all, and is given the one it lacks
  while (bus.nodes.at(1).writes.empty()) REQUIRE(bus.step());
  REQUIRE(bus.step());  // its file says again what it has in memory
  bus.slow_disks = {1};
  bus.run();
  REQUIRE(bus.nodes.at(1).writes.size() == 2);
  const auto fresh = bus.nodes.at(1).rotation->ring().entries.back().fingerprint;
  bus.slow_disks.clear();
  bus.bad_disks = {1};
  REQUIRE(bus.step());  // the first of the two fails
  bus.bad_disks.clear();
  while (bus.step()) REQUIRE(bus.all_hear());
  REQUIRE_FALSE(bus.answers.back().second);
  for (auto n : {1U, 2U, 3U}) {
    CHECK(bus.file(n) == bus.text(n));
    CHECK(bus.nodes.at(n).rotation->ring().find(fresh) == nullptr);
  }
}

TEST_CASE("fault: random stories of kills, partitions, full disks, rotations and retirements never part two nodes", "[keys]") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    Rng rng(seed);
    Bus bus(4);
    bus.form({1, 2, 3, 4});
    for (int turn = 0; turn < 40; ++turn) {
      const auto n = static_cast<std::uint32_t>(1 + rng.below(4));
      switch (rng.below(6)) {
        case 0: bus.nodes.count(n) != 0 ? bus.kill(n) : bus.boot(n); break;
        case 1: rng.chance(1, 3) ? void(bus.bad_disks.insert(n)) : bus.bad_disks.clear(); break;
        case 2:
          if (bus.nodes.count(n) != 0) bus.rotate(n, rng.chance(1, 2));
          break;
        case 3: bus.pass(70s); break;
        default: break;
      }
      bus.run(static_cast<int>(rng.below(25)));
      REQUIRE(bus.all_hear());
      // The living form one or two rings.
      if (rng.chance(1, 2)) {
        std::set<std::uint32_t> a, b;
        for (const auto& [m, node] : bus.nodes) (rng.chance(1, 4) ? a : b).insert(m);
        if (!a.empty()) bus.form(a, a.size() >= 3);
        if (!b.empty()) bus.form(b, b.size() >= 3);
      }
      REQUIRE(bus.all_hear());
    }
    bus.bad_disks.clear();
    for (std::uint32_t n = 1; n <= 4; ++n)
      if (bus.nodes.count(n) == 0) bus.boot(n);
    REQUIRE(bus.all_hear());
    bus.form({1, 2, 3, 4});
    REQUIRE(bus.run() < 10000);
    for (std::uint32_t n = 1; n <= 4; ++n) REQUIRE(bus.file(n) == bus.text(1));
    REQUIRE(bus.broken_files.empty());
  }
}
