// The membership rule: sets in which all hear all, the same for everyone who knows the same.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "common/base/rng.hpp"
#include "membership/totem/choose.hpp"

using namespace relevo;
using namespace relevo::totem;

namespace {

using Edges = std::set<std::pair<std::uint32_t, std::uint32_t>>;  // heard both ways, smaller first

std::map<NodeId, Candidate> everybody(std::uint32_t count, const Edges& cut, RingId old_ring = {NodeId(1), 4}) {
  std::map<NodeId, Candidate> all;
  for (std::uint32_t a = 1; a <= count; ++a) {
    Candidate candidate{true, old_ring, {}};
    for (std::uint32_t b = 1; b <= count; ++b)
      if (a != b && !cut.contains({std::min(a, b), std::max(a, b)})) candidate.hears.emplace_back(b);
    all[NodeId(a)] = candidate;
  }
  return all;
}

std::vector<std::uint32_t> chosen(std::uint32_t self, const std::map<NodeId, Candidate>& all) {
  std::vector<std::uint32_t> numbers;
  for (const auto node : choose_members(NodeId(self), all)) numbers.push_back(node.value);
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("choose: all when all hear all", "[totem]") { CHECK(chosen(2, everybody(5, {})) == Numbers{1, 2, 3, 4, 5}); }

TEST_CASE("choose: one cut among five costs one node, and it stands alone", "[totem]") {
  const auto all = everybody(5, {{2, 4}});
  for (const std::uint32_t self : {1U, 2U, 3U, 5U}) CHECK(chosen(self, all) == Numbers{1, 2, 3, 5});
  CHECK(chosen(4, all) == Numbers{4});
}

TEST_CASE("choose: the node that lacks most connections goes first", "[totem]") {
  const auto all = everybody(4, {{1, 2}, {1, 3}});
  CHECK(chosen(2, all) == Numbers{2, 3, 4});
  CHECK(chosen(1, all) == Numbers{1});
}

TEST_CASE("choose: who has not spoken goes before who has", "[totem]") {
  auto all = everybody(3, {{1, 2}});
  CHECK(chosen(3, all) == Numbers{1, 3});
  all[NodeId(1)] = {false, {NodeId(1), 4}, {}};
  CHECK(chosen(3, all) == Numbers{2, 3});
}

TEST_CASE("choose: a newcomer goes before a member of the larger ring", "[totem]") {
  auto all = everybody(4, {{1, 4}});
  all[NodeId(1)].old_ring = {};
  CHECK(chosen(2, all) == Numbers{2, 3, 4});
}

TEST_CASE("choose: the side with more votes wins over the larger one", "[totem]") {
  auto all = everybody(5, {{1, 2}, {1, 3}, {1, 4}});
  CHECK(chosen(5, all) == Numbers{2, 3, 4, 5});
  all[NodeId(1)].votes = 4;
  CHECK(chosen(5, all) == Numbers{1, 5});
  CHECK(chosen(2, all) == Numbers{2, 3, 4});
}

TEST_CASE("choose: more than half of a quorate ring wins over more votes", "[totem]") {
  auto all = everybody(7, {{1, 3}, {1, 4}, {1, 5}, {1, 6}, {1, 7}, {2, 3}, {2, 4}, {2, 5}, {2, 6}, {2, 7}});
  for (std::uint32_t node = 4; node <= 7; ++node) all[NodeId(node)].old_ring = {};
  CHECK(chosen(3, all) == Numbers{3, 4, 5, 6, 7});
  for (std::uint32_t node = 1; node <= 3; ++node) all[NodeId(node)].quorate = true;
  CHECK(chosen(2, all) == Numbers{1, 2});
  CHECK(chosen(3, all) == Numbers{3, 4, 5, 6, 7});
  all[NodeId(3)].votes = 2;  // now 1 and 2 have only half of it
  CHECK(chosen(3, all) == Numbers{3, 4, 5, 6, 7});
}

TEST_CASE("choose: more than 64 candidates are no reason to forget oneself", "[totem]") {
  const auto all = everybody(80, {});
  CHECK(chosen(75, all).size() == 64);
  CHECK(std::ranges::count(chosen(75, all), 75U) == 1);
}

TEST_CASE("choose: a network in shreds still gives complete sets, and soon", "[totem]") {
  Rng rng(3);
  Edges cut;
  for (std::uint32_t a = 1; a <= 64; ++a)
    for (std::uint32_t b = a + 1; b <= 64; ++b)
      if (rng.chance(1, 2)) cut.insert({a, b});
  const auto all = everybody(64, cut);
  const auto set = chosen(64, all);
  CHECK(std::ranges::count(set, 64U) == 1);
  for (const auto a : set)
    for (const auto b : set) CHECK((a >= b || !cut.contains({a, b})));
}

TEST_CASE("choose: nodes with the same facts split into the same complete sets, whatever the network", "[totem]") {
  Rng rng(11);
  for (std::uint64_t run = 0; run < 300; ++run) {
    const auto count = static_cast<std::uint32_t>(2 + rng.below(7));
    Edges cut;
    for (std::uint32_t a = 1; a <= count; ++a)
      for (std::uint32_t b = a + 1; b <= count; ++b)
        if (rng.chance(run % 10 + 1, 12)) cut.insert({a, b});
    const auto all = everybody(count, cut);
    for (std::uint32_t self = 1; self <= count; ++self) {
      const auto set = chosen(self, all);
      REQUIRE(std::ranges::find(set, self) != set.end());
      for (const auto a : set) {
        REQUIRE(chosen(a, all) == set);
        for (const auto b : set) REQUIRE((a >= b || !cut.contains({a, b})));
      }
    }
  }
}
