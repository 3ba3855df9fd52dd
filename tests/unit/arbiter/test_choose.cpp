// Who deserves the vote: every partition of 4 and 6 nodes, and the rules that break ties.
#include <catch2/catch.hpp>

#include "membership/arbiter/choose.hpp"

using namespace relevo;
using namespace relevo::arbiter;

namespace {

Nodes nodes(std::initializer_list<std::uint32_t> ids) {
  Nodes out;
  for (auto id : ids) out.insert(NodeId{id});
  return out;
}

/// All of `parts` are connected, each a ring of its own.
Seats seats(const std::vector<Nodes>& parts, std::uint32_t configured, Settings settings = {}) {
  Nodes all;
  for (std::uint32_t n = 1; n <= configured; ++n) all.insert(NodeId{n});
  Seats out;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (auto n : parts[i]) out[n] = {settings, Report{{*parts[i].begin(), 4 * (i + 1)}, parts[i], all, false, false}};
  return out;
}

/// Every way to cut nodes 1..n into parts, as restricted growth strings.
template <class Visit>
void each_partition(std::uint32_t n, Visit visit) {
  std::vector<std::size_t> part(n, 0);
  while (true) {
    std::vector<Nodes> parts;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (part[i] >= parts.size()) parts.resize(part[i] + 1);
      parts[part[i]].insert(NodeId{i + 1});
    }
    visit(parts);
    std::size_t i = n;
    while (--i > 0) {
      const auto most = *std::max_element(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(i));
      if (part[i] <= most) break;
    }
    if (i == 0) return;
    ++part[i];
    std::fill(part.begin() + static_cast<std::ptrdiff_t>(i) + 1, part.end(), std::size_t{0});
  }
}

}  // namespace

TEST_CASE("arbiter: ffsplit gives the vote to a half or more, never to less, in every partition of 4 and 6 nodes", "[arbiter]") {
  for (std::uint32_t n : {4U, 6U}) {
    int seen = 0;
    each_partition(n, [&](const std::vector<Nodes>& parts) {
      ++seen;
      const auto choice = choose(seats(parts, n), std::nullopt);
      REQUIRE(choice.stable);
      std::size_t largest = 0;
      for (const auto& p : parts) largest = std::max(largest, p.size());
      REQUIRE(choice.winner.has_value() == (2 * largest >= n));
      if (!choice.winner) return;
      CHECK(choice.winner->members.size() == largest);
      std::size_t halves = 0;
      for (const auto& p : parts) halves += 2 * p.size() == n ? 1U : 0U;
      if (halves == 2) CHECK(choice.winner->members.count(NodeId{1}) == 1);
    });
    CHECK(seen == (n == 4 ? 15 : 203));
  }
}

TEST_CASE("arbiter: lms gives the vote to the largest partition, however small", "[arbiter]") {
  const Settings lms{Algorithm::lms, {}};
  each_partition(5, [&](const std::vector<Nodes>& parts) {
    const auto choice = choose(seats(parts, 5, lms), std::nullopt);
    REQUIRE(choice.winner);
    for (const auto& p : parts) CHECK(p.size() <= choice.winner->members.size());
  });
  CHECK(choose(seats({nodes({3})}, 5, lms), std::nullopt).winner->members == nodes({3}));
}

TEST_CASE("arbiter: the tie breaker decides between halves: lowest, highest, a node", "[arbiter]") {
  const std::vector<Nodes> halves = {nodes({1, 3}), nodes({2, 4})};
  const auto winner = [&](TieBreaker rule) { return choose(seats(halves, 4, {Algorithm::ffsplit, rule}), std::nullopt).winner->members; };
  CHECK(winner({}) == nodes({1, 3}));
  CHECK(winner({TieBreaker::Kind::highest, {}}) == nodes({2, 4}));
  CHECK(winner({TieBreaker::Kind::node, NodeId{4}}) == nodes({2, 4}));
  CHECK(winner({TieBreaker::Kind::node, NodeId{3}}) == nodes({1, 3}));
}

TEST_CASE("arbiter: who has the vote keeps it while its ring lasts, and the one that was active goes before the tie breaker", "[arbiter]") {
  auto s = seats({nodes({1, 2}), nodes({3, 4})}, 4);
  const Granted last{s.at(NodeId{3}).report.ring, nodes({3, 4})};
  CHECK(choose(s, last).winner->members == nodes({3, 4}));
  s.erase(NodeId{4});  // fewer are connected, yet it has the vote
  CHECK(choose(s, last).winner->members == nodes({3, 4}));
  const auto again = seats({nodes({1, 2}), nodes({3, 4})}, 4);
  CHECK(choose(again, Granted{RingId{NodeId{3}, 1000}, nodes({3, 4})}).winner->members == nodes({3, 4}));
}

TEST_CASE("arbiter: nothing is decided while the reports do not fit together", "[arbiter]") {
  auto s = seats({nodes({1, 2}), nodes({3, 4})}, 4);
  auto old = s;
  old.at(NodeId{3}).report.members = nodes({1, 2, 3, 4});
  CHECK_FALSE(choose(old, std::nullopt).stable);
  auto other_list = s;
  other_list.at(NodeId{2}).report.configured.insert(NodeId{5});
  CHECK_FALSE(choose(other_list, std::nullopt).stable);
  auto other_rule = s;
  other_rule.at(NodeId{2}).settings.algorithm = Algorithm::lms;
  CHECK_FALSE(choose(other_rule, std::nullopt).stable);
  auto absent = s;
  absent.at(NodeId{1}).report.members.erase(NodeId{1});
  CHECK_FALSE(choose(absent, std::nullopt).stable);
  CHECK_FALSE(choose({}, std::nullopt).winner);
}
