// What contradicts itself is refused by name; each option's own story.
#include <catch2/catch.hpp>

#include "tests/unit/quorum/cluster.hpp"

using namespace relevo;
using test::Cluster;
using test::nodes;

namespace {

std::string refusal(const quorum::Options& o) {
  const auto checked = quorum::check(o);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("quorum: options that exclude each other are refused by name", "[quorum]") {
  auto o = nodes(2);
  o.two_node = o.device = true;
  o.device_votes = 1;
  CHECK(refusal(o).find("quorum.two_node and quorum.device") == 0);
  o = nodes(2);
  o.two_node = o.auto_tie_breaker = true;
  CHECK(refusal(o).find("quorum.two_node and quorum.auto_tie_breaker") == 0);
  o = nodes(3);
  o.two_node = true;
  CHECK(refusal(o).find("quorum.two_node is for two nodes") == 0);
  o = nodes(4, 2);
  o.last_man_standing = true;
  CHECK(refusal(o).find("quorum.last_man_standing needs one vote") == 0);
  o = nodes(4);
  o.last_man_standing = o.device = true;
  o.device_votes = 1;
  CHECK(refusal(o).find("quorum.last_man_standing and quorum.device") == 0);
  o = nodes(5);
  o.last_man_standing = o.auto_tie_breaker = true;
  CHECK(refusal(o).find("quorum.last_man_standing with quorum.auto_tie_breaker needs an even number") == 0);
  o = nodes(4);
  o.auto_tie_breaker = true;
  o.auto_tie_breaker_node = *quorum::parse_tie_breaker("9");
  CHECK(refusal(o) == "quorum.auto_tie_breaker_node: node 9 is not in the node list");
  o = nodes(4);
  o.allow_downscale = o.device = true;
  o.device_votes = 1;
  CHECK(refusal(o).find("quorum.allow_downscale and quorum.device") == 0);
  CHECK_FALSE(quorum::check(nodes(3, 0)));
  CHECK(quorum::parse_tie_breaker("3 1")->nodes == std::vector<NodeId>{NodeId{3}, NodeId{1}});
  CHECK_FALSE(quorum::parse_tie_breaker("biggest"));
}

TEST_CASE("quorum: last_man_standing goes down to two after each window, and to one only with a tie breaker", "[quorum]") {
  for (const bool breaker : {false, true}) {
    auto o = nodes(8);
    o.last_man_standing = true;
    o.auto_tie_breaker = breaker;
    Cluster r(o);
    r.form({1, 2, 3, 4, 5, 6, 7, 8});
    r.form({1, 2, 3, 4, 5});
    CHECK(r.view(1).expected_votes == 8);
    r.wait({1, 2, 3, 4, 5}, 9s);
    CHECK(r.view(1).expected_votes == 8);
    r.wait({1, 2, 3, 4, 5}, 1s);
    CHECK(r.view(1).expected_votes == 5);
    r.form({1, 2, 3});
    r.wait({1, 2, 3}, 10s);
    CHECK(r.view(1).expected_votes == 3);
    r.form({1, 2});
    r.wait({1, 2}, 10s);
    CHECK(r.view(1).expected_votes == 2);
    CHECK(r.view(1).quorate);
    r.form({1});
    CHECK(r.view(1).quorate == breaker);
    r.form({4, 5, 6, 7, 8});
    CHECK_FALSE(r.view(4).quorate);  // five of eight, but what decides has gone on without them
    r.form({1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(r.view(8).expected_votes == 8);
    CHECK(r.view(8).quorate);
  }
}

TEST_CASE("quorum: of two halves that with the node of the tie breaker is quorate", "[quorum]") {
  for (const auto* rule : {"lowest", "highest", "3 1"}) {
    auto o = nodes(4);
    o.auto_tie_breaker = true;
    o.auto_tie_breaker_node = *quorum::parse_tie_breaker(rule);
    Cluster r(o);
    r.form({1, 2, 3, 4});
    r.form({1, 2});
    r.form({3, 4});
    CHECK(r.view(1).quorate == (std::string(rule) == "lowest"));
    CHECK(r.view(3).quorate != r.view(1).quorate);
  }
}

TEST_CASE("quorum: an odd number of votes switches the tie breaker off unless all are waited for", "[quorum]") {
  auto o = nodes(5);
  o.auto_tie_breaker = true;
  CHECK(quorum::remarks(o).size() == 1);
  CHECK_FALSE(quorum::effective(o).auto_tie_breaker);
  o.wait_for_all = true;
  Cluster r(o);
  r.form({1, 2, 3, 4, 5});
  r.form({1, 2, 3, 4});
  r.form({1, 2});
  CHECK(r.view(1).quorate);
  r.form({3, 4, 5});
  CHECK_FALSE(r.view(3).quorate);  // a majority of the nodes, but only half of the last quorate partition
}

TEST_CASE("quorum: a clean leave lowers the expected votes to the floor, a crash does not", "[quorum]") {
  auto o = nodes(5);
  o.allow_downscale = true;
  o.expected_votes = 3;
  Cluster r(o);
  r.form({1, 2, 3, 4, 5});
  for (auto& [n, q] : r.all) q.on_leaving(NodeId{5});
  r.form({1, 2, 3, 4});
  CHECK(r.view(1).expected_votes == 4);
  r.form({1, 2, 3});
  CHECK(r.view(1).expected_votes == 4);
  for (auto& [n, q] : r.all) q.on_leaving(NodeId{3});
  r.form({1, 2});
  CHECK_FALSE(r.view(1).quorate);  // two of four
  r.form({1, 2, 3, 4, 5});
  CHECK(r.view(1).expected_votes == 5);
}

TEST_CASE("quorum: the device's votes count for the ring it spoke of, once, whoever heard them", "[quorum]") {
  auto o = nodes(4);
  o.device = true;
  o.device_votes = 1;
  Cluster r(o);
  r.form({1, 2});
  CHECK(r.view(1).expected_votes == 5);
  CHECK_FALSE(r.view(1).quorate);
  CHECK_FALSE(r.at(1).on_device(NodeId{2}, RingId{NodeId{1}, 99}, true));
  CHECK_FALSE(r.at(1).on_device(NodeId{4}, r.ring(1), true));
  CHECK(r.at(1).on_device(NodeId{2}, r.ring(1), true));
  CHECK(r.view(1).quorate);
  CHECK(r.view(1).total_votes == 3);
  CHECK_FALSE(r.at(1).on_device(NodeId{1}, r.ring(1), true));
  CHECK(r.view(1).total_votes == 3);
  CHECK_FALSE(r.at(1).on_device(NodeId{2}, r.ring(1), false));
  CHECK(r.at(1).on_device(NodeId{1}, r.ring(1), false));
  CHECK_FALSE(r.view(1).quorate);
  r.at(1).on_device(NodeId{1}, r.ring(1), true);
  r.form({1});
  CHECK_FALSE(r.view(1).device_vote);
}

TEST_CASE("quorum: the device's vote is gone with its ring, and what waits for it is said", "[quorum]") {
  auto o = nodes(2);
  o.device = true;
  o.device_votes = 1;
  Cluster r(o);
  r.form({1, 2});
  (void)r.at(1).on_device(NodeId{1}, r.ring(1), true);
  (void)r.at(1).set_device_state(true, false);
  Configuration left;
  left.members = {NodeId{1}};
  CHECK(r.at(1).on_transitional(left));
  CHECK(r.view(1).device_pending);
  r.form({1});
  CHECK(r.view(1).device_pending);
  CHECK(r.view(1).reason.find("the arbiter has not given its vote to this partition yet") != std::string::npos);
  (void)r.at(1).set_device_state(true, true);
  CHECK_FALSE(r.view(1).device_pending);
}

TEST_CASE("quorum: a reload changes votes only where there is quorum, and never takes it away", "[quorum]") {
  Cluster r(nodes(3));
  r.form({1, 2});
  auto q = r.at(1);
  CHECK(q.check_reconfigure(nodes(3)));
  CHECK(q.check_reconfigure(nodes(2)));
  CHECK_FALSE(q.check_reconfigure(nodes(5)));
  q.reconfigure(nodes(2));
  CHECK(q.view().expected_votes == 2);
  CHECK(q.view().quorate);
  r.form({3});
  CHECK(r.at(3).check_reconfigure(nodes(1)).error().kind == ErrorKind::no_quorum);
  auto stranger = r.at(3);
  auto one = nodes(0);
  one.votes[NodeId{3}] = 1;
  stranger.reconfigure(one);
  CHECK_FALSE(stranger.view().quorate);  // by the new list alone it would be
}

TEST_CASE("quorum: where a change is in doubt the old and the new rule must both be satisfied, until a ring settles it", "[quorum]") {
  Cluster r(nodes(5));
  r.form({1, 2, 3});
  auto& q = r.at(1);
  REQUIRE(q.set_expected_votes(3, false));
  CHECK(q.view().quorate);
  r.form({1, 2});
  CHECK_FALSE(r.view(1).quorate);  // enough of three, too few of five
  r.form({1, 2, 3});
  CHECK(r.at(1).bases().open.empty());
  r.form({1, 2});
  CHECK(r.view(1).quorate);
}
