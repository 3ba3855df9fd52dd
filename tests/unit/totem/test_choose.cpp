// The membership rule: sets in which all hear all, the same for everyone who knows the same.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <tuple>

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

namespace {
/// The rule told slowly: of all sets in which all hear all, the best.
std::vector<std::uint32_t> best_of_all(const std::map<NodeId, Candidate>& all, std::uint32_t count) {
  using Worth = std::tuple<bool, std::uint64_t, std::size_t, std::size_t, std::vector<std::uint32_t>>;
  std::optional<Worth> best;
  Numbers best_set;
  for (std::uint32_t mask = 1; mask < 1U << count; ++mask) {
    Numbers set;
    for (std::uint32_t n = 1; n <= count; ++n)
      if ((mask >> n - 1 & 1U) != 0) set.push_back(n);
    const auto hears = [&](std::uint32_t a, std::uint32_t b) {
      const auto& its = all.at(NodeId(a));
      return !its.known || std::ranges::count(its.hears, NodeId(b)) != 0;
    };
    bool complete = true;
    for (const auto a : set)
      for (const auto b : set) complete = complete && (a == b || hears(a, b));
    if (!complete) continue;
    bool keeps = false;
    std::uint64_t votes = 0;
    std::size_t from_one = 0;
    for (const auto a : set) {
      const auto ring = all.at(NodeId(a)).old_ring;
      if (all.at(NodeId(a)).known) votes += all.at(NodeId(a)).votes;
      if (ring.seq == 0) continue;
      std::uint64_t whole = 0, here = 0;
      std::size_t same = 0;
      bool quorate = false;
      for (const auto& [node, its] : all) {
        if (its.old_ring != ring) continue;
        const bool in = std::ranges::count(set, node.value) != 0;
        quorate = quorate || its.quorate;
        whole += its.votes;
        here += in ? its.votes : 0;
        same += in ? 1U : 0U;
      }
      keeps = keeps || (quorate && 2 * here > whole);
      from_one = std::max(from_one, same);
    }
    auto lower_first = set;  // as a worth: lower numbers are greater, a set is greater than what it begins with
    for (auto& n : lower_first) n = 100 - n;
    const Worth worth{keeps, votes, set.size(), from_one, lower_first};
    if (!best || worth > *best) best = worth, best_set = set;
  }
  return best_set;
}
}  // namespace

TEST_CASE("choose: of up to seven nodes the best of all complete sets is found", "[totem]") {
  Rng rng(21);
  for (std::uint64_t run = 0; run < 400; ++run) {
    const auto count = static_cast<std::uint32_t>(1 + rng.below(7));
    Edges cut;
    for (std::uint32_t a = 1; a <= count; ++a)
      for (std::uint32_t b = a + 1; b <= count; ++b)
        if (rng.chance(run % 6 + 1, 8)) cut.insert({a, b});
    auto all = everybody(count, cut);
    for (auto& [node, candidate] : all) {
      candidate.known = !rng.chance(1, 6);
      candidate.old_ring = rng.chance(1, 4) ? RingId{} : RingId{NodeId(1 + static_cast<std::uint32_t>(rng.below(3))), 4};
      candidate.votes = rng.chance(1, 3) ? static_cast<std::uint32_t>(rng.below(4)) : 1;
      candidate.quorate = candidate.old_ring.rep == NodeId(2) && rng.chance(1, 2);
    }
    const auto best = best_of_all(all, count);
    INFO("run " << run);
    REQUIRE(chosen(best.front(), all) == best);
  }
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
