// Changes of what decides beside numbers (two_node, the node that breaks ties, the arbiter) while the ring breaks up: some
// count by the new rule, in doubt, the others still by the old one. Never are both quorate.
#include <catch2/catch.hpp>

#include <set>

#include "membership/quorum/quorum.hpp"

using namespace relevo;
using quorum::Info;
using quorum::Options;
using quorum::Quorum;

namespace {

using Part = std::set<NodeId>;

Part part(std::initializer_list<std::uint32_t> numbers) {
  Part out;
  for (const auto n : numbers) out.insert(NodeId{n});
  return out;
}

Options nodes(std::uint32_t count, std::uint64_t version = 1) {
  Options o;
  for (std::uint32_t n = 1; n <= count; ++n) o.votes[NodeId{n}] = 1;
  o.version = version;
  return o;
}

struct Cluster {
  explicit Cluster(const Options& o) {
    Part everybody;
    for (const auto& [node, votes] : o.votes) {
      all.emplace(node, Quorum(o, node));
      everybody.insert(node);
    }
    form(everybody);
  }
  void form(const Part& members) {
    std::map<NodeId, Info> infos;
    ring = {*members.begin(), ++seq};
    for (const auto n : members) {
      infos[n] = quorum::decode_info(quorum::encode(all.at(n).info()));
      infos[n].quorate = all.at(n).view().quorate;
    }
    for (const auto n : members) all.at(n).on_synced(ring, infos, true);
  }
  /// The ring of all breaks up, and these had the last yes in their transitional configuration.
  void change_in_doubt(const Part& members, const Options& fresh) {
    Configuration left;
    left.members = {members.begin(), members.end()};
    for (const auto n : members) {
      REQUIRE(all.at(n).check_reconfigure(fresh));
      (void)all.at(n).on_transitional(left);
      all.at(n).reconfigure(fresh, false);
    }
  }
  void vote(const Part& members, std::uint64_t device) {
    for (const auto n : members) (void)all.at(n).on_device(*members.begin(), ring, true, device);
  }
  void settle(const Part& members) {
    while (const auto proposal = all.at(*members.begin()).take_proposal())
      for (const auto n : members) (void)all.at(n).on_proposal(*proposal, true);
  }
  bool quorate(std::uint32_t node) const { return all.at(NodeId{node}).view().quorate; }

  std::map<NodeId, Quorum> all;
  RingId ring;
  std::uint64_t seq = 0;
};

}  // namespace

TEST_CASE("quorum: of two nodes left by a change in doubt one is not enough while the old three may not know of it", "[quorum]") {
  Cluster c(nodes(3));
  auto two = nodes(2, 2);
  two.two_node = true;
  c.change_in_doubt(part({1}), two);
  c.form(part({1}));
  c.form(part({2, 3}));
  CHECK_FALSE(c.quorate(1));
  CHECK(c.all.at(NodeId{1}).view().quorum == 2);
  CHECK(c.quorate(2));
  c.form(part({1, 2}));
  c.settle(part({1, 2}));
  CHECK(c.all.at(NodeId{2}).bases().open.empty());
  c.form(part({1}));
  CHECK(c.quorate(1));
}

TEST_CASE("quorum: when the node that breaks ties changes in doubt, not both halves have theirs", "[quorum]") {
  auto lowest = nodes(4);
  lowest.auto_tie_breaker = true;
  auto highest = lowest;
  highest.version = 2;
  highest.auto_tie_breaker_node.kind = quorum::TieBreaker::Kind::highest;
  Cluster c(lowest);
  c.change_in_doubt(part({3, 4}), highest);
  c.form(part({1, 2}));
  c.form(part({3, 4}));
  CHECK(c.quorate(1));
  CHECK_FALSE(c.quorate(3));
  c.form(part({1, 2, 3, 4}));
  c.settle(part({1, 2, 3, 4}));
  c.form(part({1, 2}));
  c.form(part({3, 4}));
  CHECK_FALSE(c.quorate(1));
  CHECK(c.quorate(3));
}

TEST_CASE("quorum: two arbiters, one by a change in doubt, do not make two halves quorate", "[quorum]") {
  auto old = nodes(4);
  old.device = true;
  old.device_votes = 1;
  old.device_id = 7;
  auto fresh = old;
  fresh.version = 2;
  fresh.device_id = 8;
  Cluster c(old);
  c.change_in_doubt(part({3, 4}), fresh);
  c.form(part({3, 4}));
  c.vote(part({3, 4}), 8);
  CHECK_FALSE(c.quorate(3));
  c.form(part({1, 2}));
  c.vote(part({1, 2}), 7);
  CHECK(c.quorate(1));
}

TEST_CASE("quorum: the arbiter is not changed by those who would have no quorum without its vote", "[quorum]") {
  auto old = nodes(4);
  old.device = true;
  old.device_votes = 1;
  old.device_id = 7;
  auto other = old, none = old;
  other.version = none.version = 2;
  other.device_id = 8;
  none.device = false;
  Cluster c(old);
  c.vote(part({1, 2, 3, 4}), 7);
  CHECK(c.all.at(NodeId{1}).check_reconfigure(other));
  CHECK(c.all.at(NodeId{1}).check_reconfigure(none));
  c.form(part({1, 2}));
  c.vote(part({1, 2}), 7);
  REQUIRE(c.quorate(1));
  for (const auto& fresh : {other, none})
    CHECK_THAT(c.all.at(NodeId{1}).check_reconfigure(fresh).error().message, Catch::Contains("the arbiter cannot be changed or removed now"));
}

TEST_CASE("quorum: what the former arbiter has said does not count for the new one", "[quorum]") {
  auto old = nodes(4);
  old.device = true;
  old.device_votes = 3;
  old.device_id = 7;
  auto fresh = old;
  fresh.version = 2;
  fresh.device_id = 8;
  Cluster c(old);
  c.vote(part({1, 2, 3, 4}), 7);
  REQUIRE(c.all.at(NodeId{1}).view().device_vote);
  for (auto& [node, q] : c.all) q.reconfigure(fresh, true);
  CHECK_FALSE(c.all.at(NodeId{1}).view().device_vote);
  c.vote(part({1, 2, 3, 4}), 7);
  CHECK_FALSE(c.all.at(NodeId{1}).view().device_vote);
  c.vote(part({1, 2, 3, 4}), 8);
  CHECK(c.all.at(NodeId{1}).view().device_vote);
}
