// Rings whose members have configurations of different age: they must count alike from the first view on.
#include <catch2/catch.hpp>

#include <set>

#include "common/base/rng.hpp"
#include "tests/unit/quorum/cluster.hpp"

using namespace relevo;
using quorum::Info;
using quorum::Options;
using quorum::Quorum;

namespace {

Options nodes(std::uint32_t count, std::uint64_t version) {
  auto o = test::nodes(count);
  o.version = version;
  return o;
}

using Nodes = std::map<NodeId, Quorum>;

/// Over the wire, as the stack does it.
void sync(Nodes& all, const std::set<NodeId>& members, std::uint64_t seq) {
  std::map<NodeId, Info> infos;
  for (const auto n : members) {
    infos[n] = quorum::decode_info(quorum::encode(all.at(n).info()));
    infos[n].quorate = all.at(n).view().quorate;
  }
  for (const auto n : members) all.at(n).on_synced({*members.begin(), seq}, infos, true);
}

/// What all must see alike.
auto numbers(const QuorumView& v) {
  return std::tuple(v.quorate, v.expected_votes, v.quorum, v.total_votes, v.members, v.votes, v.two_node);
}

void check_alike(const Nodes& all, const std::set<NodeId>& members) {
  for (const auto n : members) CHECK(numbers(all.at(n).view()) == numbers(all.at(*members.begin()).view()));
}

Nodes start(const std::map<NodeId, Options>& options) {
  Nodes all;
  for (const auto& [node, o] : options) all.emplace(node, Quorum(o, node));
  return all;
}

}  // namespace

TEST_CASE("quorum: a node that starts with a newer node list and those with an older one count alike at once", "[quorum]") {
  auto all = start({{NodeId{2}, nodes(6, 2)}, {NodeId{3}, nodes(7, 1)}, {NodeId{4}, nodes(7, 1)}, {NodeId{5}, nodes(7, 1)}});
  const std::set<NodeId> members{NodeId{2}, NodeId{3}, NodeId{4}, NodeId{5}};
  sync(all, members, 4);
  check_alike(all, members);
  CHECK(all.at(NodeId{3}).view().expected_votes == 6);
  const auto before = all.at(NodeId{3}).view();
  all.at(NodeId{3}).take_over(nodes(6, 2));
  CHECK(all.at(NodeId{3}).view() == before);
}

TEST_CASE("quorum: a node that the newer node list does not name has no vote in the ring it still is in", "[quorum]") {
  auto all = start({{NodeId{1}, nodes(2, 2)}, {NodeId{2}, nodes(2, 2)}, {NodeId{3}, nodes(3, 1)}});
  const std::set<NodeId> members{NodeId{1}, NodeId{3}};
  sync(all, members, 4);
  check_alike(all, members);
  CHECK_FALSE(all.at(NodeId{3}).view().quorate);
  CHECK(all.at(NodeId{3}).view().total_votes == 1);
}

TEST_CASE("quorum: of two contents of one version all count by that of who had quorum", "[quorum]") {
  auto other = nodes(3, 1);
  other.votes[NodeId{1}] = 100;
  auto all = start({{NodeId{1}, other}, {NodeId{2}, nodes(3, 1)}, {NodeId{3}, nodes(3, 1)}});
  sync(all, {NodeId{2}, NodeId{3}}, 4);
  REQUIRE(all.at(NodeId{2}).view().quorate);
  const std::set<NodeId> members{NodeId{1}, NodeId{2}, NodeId{3}};
  sync(all, members, 8);
  check_alike(all, members);
  CHECK(all.at(NodeId{1}).view().total_votes == 3);
}

TEST_CASE("quorum: what a ring decided by an older node list holds until it has settled the newer one", "[quorum]") {
  auto all = start({{NodeId{1}, nodes(3, 1)}, {NodeId{2}, nodes(3, 1)}, {NodeId{3}, nodes(3, 1)}});
  const std::set<NodeId> two{NodeId{1}, NodeId{2}};
  sync(all, two, 4);
  for (const auto n : two) REQUIRE(all.at(n).set_expected_votes(2));
  const auto five = nodes(5, 2);
  all.at(NodeId{3}) = Quorum(five, NodeId{3});
  const std::set<NodeId> members{NodeId{1}, NodeId{2}, NodeId{3}};
  sync(all, members, 8);
  check_alike(all, members);
  CHECK(all.at(NodeId{1}).view().expected_votes == 5);
  CHECK(all.at(NodeId{1}).bases().open.size() == 1);
  const auto proposal = all.at(NodeId{1}).take_proposal();
  REQUIRE(proposal);
  for (const auto n : members) (void)all.at(n).on_proposal(*proposal, true);
  check_alike(all, members);
  CHECK(all.at(NodeId{2}).bases().open.empty());
  CHECK(all.at(NodeId{2}).bases().settled.deciders == five.votes);
}

TEST_CASE("quorum: whatever was decided by whichever version, the members of a ring count alike", "[quorum]") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Rng rng(seed);
    const auto config = [&](std::uint64_t version) {
      auto o = nodes(static_cast<std::uint32_t>(3 + (version + seed) % 4), version);
      o.last_man_standing = seed % 5 == 0;
      o.allow_downscale = seed % 7 == 0;
      o.two_node = false;
      return o;
    };
    std::map<NodeId, Options> options;
    for (std::uint32_t n = 1; n <= 6; ++n) options[NodeId{n}] = config(1);
    auto all = start(options);
    std::uint64_t seq = 0;
    for (int round = 0; round < 12; ++round) {
      std::set<NodeId> members;
      for (auto& [node, o] : options) {
        if (rng.chance(1, 6)) {
          o = config(1 + rng.below(3));
          all.at(node) = Quorum(o, node);
        }
        if (rng.chance(2, 3)) members.insert(node);
      }
      if (members.empty()) continue;
      INFO("seed " << seed << ", round " << round);
      sync(all, members, seq += 4);
      check_alike(all, members);
      // A proposal of the first member, certain for those who stay, open for one, unknown to the last.
      const auto proposal = all.at(*members.begin()).take_proposal();
      const bool torn = rng.chance(1, 3);
      for (const auto n : members)
        if (proposal && !(torn && n == *members.rbegin())) (void)all.at(n).on_proposal(*proposal, !torn);
      if (!torn) check_alike(all, members);
      for (const auto n : members)
        if (rng.chance(1, 3)) all.at(n).take_over(config(all.at(n).info().options.version));
    }
  }
}
