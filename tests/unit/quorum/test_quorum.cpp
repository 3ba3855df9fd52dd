// The quorum rules one by one, and every partition of up to five nodes against a naive twin.
#include <catch2/catch.hpp>

#include <vector>

#include "common/base/rng.hpp"
#include "tests/unit/quorum/cluster.hpp"

using namespace relevo;
using quorum::Info;
using quorum::Quorum;
using test::Cluster;
using test::nodes;

TEST_CASE("quorum: the votes needed are those of votequorum for each cluster size", "[quorum]") {
  const std::map<std::uint32_t, std::uint32_t> needed = {{1, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 3}, {6, 4}, {7, 4}, {8, 5}, {9, 5},
                                                         {16, 9}, {32, 17}};
  for (const auto& [count, q] : needed) CHECK(Quorum(nodes(count), NodeId{1}).view().quorum == q);
  CHECK(Quorum(nodes(2, 300), NodeId{1}).view().quorum == 301);
}

TEST_CASE("quorum: nobody is quorate before a ring is complete", "[quorum]") {
  CHECK_FALSE(Quorum(nodes(1), NodeId{1}).view().quorate);
  auto o = nodes(3);
  o.configured = false;
  CHECK_FALSE(Quorum(o, NodeId{1}).view().quorate);
}

TEST_CASE("quorum: without a provider every partition is quorate and none loses it", "[quorum]") {
  auto o = nodes(3);
  o.configured = false;
  Cluster c(o);
  c.form({1});
  CHECK(c.view(1).quorate);
  CHECK_FALSE(c.transitional(1, {}));
}

TEST_CASE("quorum: it is withdrawn at the transitional configuration and granted at the next complete ring", "[quorum]") {
  Cluster c(nodes(3));
  c.form({1, 2, 3});
  CHECK(c.view(1).quorate);
  CHECK(c.transitional(1, {1}));
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).reason == "not quorate: the ring broke up, 1 of 3 expected votes are left, 2 needed");
  CHECK_FALSE(c.transitional(2, {2, 3}));
  CHECK(c.view(2).quorate);
  c.form({1});
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).reason == "not quorate: 1 of 3 expected votes, 2 needed");
  c.form({2, 3});
  CHECK(c.view(2).quorate);
  CHECK(c.view(2).reason == "quorate: 2 of 3 expected votes, 2 needed");
}

TEST_CASE("quorum: a ring that broke up before it was complete grants nothing", "[quorum]") {
  Quorum q(nodes(3), NodeId{1});
  const Info one = Quorum(nodes(3), NodeId{2}).info();
  q.on_synced({NodeId{1}, 4}, {{NodeId{1}, one}, {NodeId{2}, one}}, false);
  CHECK_FALSE(q.view().quorate);
}

TEST_CASE("quorum: two nodes need one vote, but after a start only once both were seen", "[quorum]") {
  auto o = nodes(2);
  o.two_node = true;
  o.wait_for_all = true;
  Cluster c(o);
  c.form({1});
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).waiting_for_all);
  c.form({1, 2});
  CHECK(c.view(1).quorate);
  CHECK(c.view(1).quorum == 1);
  CHECK_FALSE(c.transitional(1, {1}));
  c.form({1});
  CHECK(c.view(1).quorate);
  c.restart(2);
  c.form({2});
  CHECK_FALSE(c.view(2).quorate);
  c.form({1, 2});
  CHECK(c.view(2).quorate);
}

TEST_CASE("quorum: wait_for_all is once after a start, not again after a loss of quorum", "[quorum]") {
  auto o = nodes(3);
  o.wait_for_all = true;
  Cluster c(o);
  c.form({1, 2});
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).reason.starts_with("not quorate: waiting for all nodes, 2 of 3 votes were seen since the start; "));
  c.form({1, 2, 3});
  CHECK(c.view(1).quorate);
  CHECK(c.transitional(1, {1}));
  c.form({1});
  CHECK_FALSE(c.view(1).quorate);
  c.form({1, 2});
  CHECK(c.view(1).quorate);
}

TEST_CASE("quorum: a restarted node learns from the others that all were seen", "[quorum]") {
  auto o = nodes(3);
  o.wait_for_all = true;
  Cluster c(o);
  c.form({1, 2, 3});
  c.restart(2);
  c.form({1, 2});
  CHECK(c.view(1).quorate);
  CHECK(c.view(2).quorate);
  CHECK_FALSE(c.view(2).waiting_for_all);
}

TEST_CASE("quorum: expected_votes below the node list's votes does not make two halves quorate", "[quorum]") {
  auto o = nodes(4);
  o.expected_votes = 2;
  CHECK(quorum::remarks(o).size() == 1);
  Cluster c(o);
  c.form({1, 2});
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).expected_votes == 4);
}

TEST_CASE("quorum: the operator lowers the expected votes, a newcomer adopts them, nonsense is refused", "[quorum]") {
  Cluster c(nodes(5));
  c.form({1, 2, 3});
  for (std::uint32_t n : {1U, 2U, 3U}) REQUIRE(c.at(n).set_expected_votes(3));
  CHECK(c.view(1).quorum == 2);
  CHECK_FALSE(c.at(1).set_expected_votes(2));
  CHECK_FALSE(c.at(1).set_expected_votes(0));
  CHECK_FALSE(c.at(1).set_expected_votes(6));
  c.form({1, 2});
  CHECK(c.view(1).quorate);
  c.form({1, 2, 4});
  CHECK(c.view(4).quorate);
  CHECK(c.view(4).expected_votes == 4);  // node 4 decides with 1, 2 and 3 from now on
}

TEST_CASE("quorum: many votes count right, and more than 32 bits hold are refused", "[quorum]") {
  CHECK(quorum::check(nodes(3, 1000000000U)));
  CHECK(quorum::check(nodes(3, 4000000000U)).error().message.find("quorum_votes") != std::string::npos);
  Cluster c(nodes(3, 1000000000U));
  c.form({1});
  CHECK_FALSE(c.view(1).quorate);
  CHECK(c.view(1).expected_votes == 3000000000U);
  c.form({1, 2});
  CHECK(c.view(1).quorate);
}

TEST_CASE("quorum: any bytes decode to an info, and encoding round-trips", "[quorum]") {
  Info info{7, true, {}};
  info.bases.settled = {4, 9, 1, {{NodeId{1}, 4}, {NodeId{3}, 5}}};
  info.bases.open = {{5, 4, 0, {{NodeId{1}, 4}}}};
  CHECK(quorum::decode_info(quorum::encode(info)) == info);
  Rng rng(1);
  for (int i = 0; i < 1000; ++i) {
    Bytes noise(rng.below(60));
    for (auto& b : noise) b = static_cast<std::uint8_t>(rng.chance(1, 2) ? 0 : rng.next());
    (void)quorum::decode_info(noise);
  }
  CHECK(quorum::decode_info({}).waiting);
  CHECK(quorum::decode_info({}).votes == 0);
}

namespace {
/// The rules told slowly: a set of who was ever seen by whom, votes counted one by one.
struct Twin {
  std::vector<bool> saw_all;
  bool wait, two;
  std::uint32_t n;
  bool quorate(const std::vector<std::uint32_t>& members) {
    bool someone = members.size() == n;
    for (auto m : members) someone = someone || saw_all[m - 1];
    for (auto m : members) saw_all[m - 1] = someone || saw_all[m - 1];
    if (wait && !someone) return false;
    return (two && n == 2) || 2 * members.size() > n;
  }
};

std::vector<std::uint32_t> of_mask(std::uint32_t mask) {
  std::vector<std::uint32_t> members;
  for (std::uint32_t i = 0; i < 5; ++i)
    if ((mask >> i & 1U) != 0) members.push_back(i + 1);
  return members;
}
}  // namespace

TEST_CASE("quorum: every sequence of three partitions of up to five nodes agrees with the twin", "[quorum]") {
  for (std::uint32_t n = 1; n <= 5; ++n) {
    for (int flags = 0; flags < 4; ++flags) {
      auto o = nodes(n);
      o.wait_for_all = (flags & 1) != 0;
      o.two_node = (flags & 2) != 0 && n == 2;
      const std::uint32_t sets = 1U << n;
      for (std::uint32_t a = 1; a < sets; ++a)
        for (std::uint32_t b = 1; b < sets; ++b)
          for (std::uint32_t d = 1; d < sets; ++d) {
            Cluster c(o);
            Twin twin{std::vector<bool>(n, false), o.wait_for_all, o.two_node, n};
            for (auto mask : {a, b, d}) {
              const auto inside = of_mask(mask), outside = of_mask(sets - 1 - mask);
              c.form(inside);
              const bool in = twin.quorate(inside);
              bool same = true;
              for (auto m : inside) same = same && c.view(m).quorate == in;
              if (!outside.empty()) {
                c.form(outside);
                const bool out = twin.quorate(outside);
                for (auto m : outside) same = same && c.view(m).quorate == out;
                same = same && (o.two_node || !(in && out));
              }
              if (!same) FAIL("n " << n << " flags " << flags << " masks " << a << ' ' << b << ' ' << d);
            }
          }
    }
  }
}
