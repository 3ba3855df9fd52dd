// The order in which the vote moves: taken and acknowledged first, durable, then given. And restarts.
#include <catch2/catch.hpp>

#include "membership/arbiter/court.hpp"

using namespace relevo;
using namespace relevo::arbiter;

namespace {

constexpr Instant begin{};
constexpr Duration lease = 1s, dead = 1250ms;

Nodes nodes(std::initializer_list<std::uint32_t> ids) {
  Nodes out;
  for (auto id : ids) out.insert(NodeId{id});
  return out;
}

/// A court of nodes 1..4 past its quarantine, with everything stored at once unless `slow`.
struct Bench {
  explicit Bench(std::optional<Record> record = {}, bool readable = true) : court(lease, std::move(record), readable, begin) {}
  void take(CourtOutput out) {
    for (const auto& s : out.sends) sent.push_back(s);
    if (!out.store) return;
    stored = *out.store;
    if (!slow) take(court.on_stored(out.store->number, now));
  }
  void connect(std::uint32_t node) { take(court.on_connected(NodeId{node}, now)); }
  void report(std::uint32_t node, std::uint64_t seq, const Nodes& members, bool holds = false) {
    take(court.on_report(NodeId{node}, {}, Report{{*members.begin(), seq}, members, nodes({1, 2, 3, 4}), false, holds}, now));
  }
  void all_in_one_ring() {
    for (std::uint32_t n = 1; n <= 4; ++n) {
      connect(n);
      report(n, 4, nodes({1, 2, 3, 4}));
    }
  }
  std::optional<bool> last_word(std::uint32_t node) const {
    std::optional<bool> word;
    for (const auto& s : sent)
      if (s.node == NodeId{node}) word = s.vote.yes;
    return word;
  }
  std::uint64_t last_number(std::uint32_t node) const {
    std::uint64_t number = 0;
    for (const auto& s : sent)
      if (s.node == NodeId{node}) number = s.vote.number;
    return number;
  }

  Court court;
  Instant now = begin;
  std::vector<Send> sent;
  std::optional<Record> stored;
  bool slow = false;
};

}  // namespace

TEST_CASE("arbiter: all nodes in one ring get the vote at once, also right after the arbiter's start", "[arbiter]") {
  Bench b;
  b.all_in_one_ring();
  for (std::uint32_t n = 1; n <= 4; ++n) CHECK(b.last_word(n) == true);
  CHECK(b.stored->granted->members == nodes({1, 2, 3, 4}));
}

TEST_CASE("arbiter: an even split is decided when all four have said where they are, and one half gets the vote", "[arbiter]") {
  Bench b;
  b.all_in_one_ring();
  b.sent.clear();
  b.report(1, 8, nodes({1, 2}));
  b.report(2, 8, nodes({1, 2}));
  CHECK(b.sent.empty());
  b.report(3, 12, nodes({3, 4}));
  CHECK(b.sent.empty());
  b.report(4, 12, nodes({3, 4}));
  CHECK(b.last_word(1) == true);
  CHECK(b.last_word(2) == true);
  CHECK(b.last_word(3) == false);
  CHECK(b.last_word(4) == false);
}

TEST_CASE("arbiter: a half that fell silent is waited for as long as its vote may be good, and no longer", "[arbiter]") {
  Bench b;
  b.all_in_one_ring();
  b.now += 500ms;
  for (std::uint32_t n = 1; n <= 4; ++n) b.court.on_ping(NodeId{n}, b.now);
  b.sent.clear();
  b.take(b.court.on_lost(NodeId{3}, b.now + 100ms));
  b.take(b.court.on_lost(NodeId{4}, b.now + 100ms));
  b.report(1, 8, nodes({1, 2}));
  b.report(2, 8, nodes({1, 2}));
  CHECK(b.sent.empty());
  CHECK(b.court.next_deadline() == b.now + dead);
  b.now += dead;
  b.take(b.court.on_tick(b.now));
  CHECK(b.last_word(1) == true);
}

TEST_CASE("arbiter: a node that has moved to another ring gives the vote back by that", "[arbiter]") {
  Bench b;
  b.connect(3);
  b.connect(4);
  b.now += dead;
  b.report(3, 12, nodes({3, 4}));
  b.report(4, 12, nodes({3, 4}));
  CHECK(b.last_word(3) == true);
  // A majority comes that node 4's old ring is no part of.
  b.report(3, 20, nodes({1, 2, 3}));
  b.connect(1);
  b.report(1, 20, nodes({1, 2, 3}));
  CHECK_FALSE(b.last_word(1).has_value());  // node 4 still says that it is with node 3
  b.report(4, 12, nodes({4}));
  CHECK(b.last_word(4) == false);
  CHECK(b.last_word(1) == true);
  CHECK(b.last_word(3) == true);
}

TEST_CASE("arbiter: before another ring gets the vote the last one has acknowledged its loss, and not an older vote", "[arbiter]") {
  Bench b;
  b.connect(4);
  b.now += dead;
  b.report(4, 12, nodes({3, 4}));
  const auto old = b.last_number(4);
  b.connect(1);
  b.report(1, 20, nodes({1, 2, 3}));
  CHECK(b.last_word(4) == false);
  b.take(b.court.on_taken(NodeId{4}, old, b.now));
  CHECK_FALSE(b.last_word(1).has_value());
  b.take(b.court.on_taken(NodeId{4}, b.last_number(4), b.now));
  CHECK(b.last_word(1) == true);
}

TEST_CASE("arbiter: nobody hears of the vote before it is on the disk", "[arbiter]") {
  Bench b;
  b.slow = true;
  b.all_in_one_ring();
  CHECK(b.sent.empty());
  REQUIRE(b.stored);
  b.take(b.court.on_stored(b.stored->number - 1, b.now));
  CHECK(b.sent.empty());
  b.take(b.court.on_stored(b.stored->number, b.now));
  CHECK(b.sent.size() == 4);
}

TEST_CASE("arbiter: after a restart a half waits for a lease, the half that had the vote keeps it", "[arbiter]") {
  Bench b(Record{5, lease, Granted{{NodeId{3}, 12}, nodes({3, 4})}});
  b.connect(1);
  b.report(1, 8, nodes({1, 2}));
  CHECK(b.sent.empty());
  b.connect(3);
  b.report(3, 12, nodes({3, 4}), true);
  b.now += dead;
  b.take(b.court.on_tick(b.now));
  CHECK(b.last_word(3) == true);
  CHECK(b.last_word(1) == false);
}

TEST_CASE("arbiter: a record of a longer lease makes the wait after a restart longer", "[arbiter]") {
  Bench b(Record{5, 4s, Granted{{NodeId{3}, 12}, nodes({3, 4})}});
  CHECK(b.court.next_deadline() == begin + 5s);
}

TEST_CASE("arbiter: with an unreadable record no time is long enough, only all nodes", "[arbiter]") {
  Bench b({}, false);
  b.connect(1);
  b.connect(2);
  b.connect(3);
  for (std::uint32_t n : {1U, 2U, 3U}) b.report(n, 8, nodes({1, 2, 3}));
  b.now += 1h;
  b.take(b.court.on_tick(b.now));
  CHECK(b.sent.empty());
  b.connect(4);
  b.report(4, 12, nodes({4}));
  CHECK(b.last_word(1) == true);
  CHECK(b.last_word(4) == false);
}

TEST_CASE("arbiter: what a node holds from an earlier run of the arbiter counts", "[arbiter]") {
  Bench b;  // the record is lost
  b.connect(1);
  b.report(1, 8, nodes({1, 2}));
  b.connect(2);
  b.report(2, 8, nodes({1, 2}));
  b.connect(3);
  b.report(3, 12, nodes({3, 4}), true);
  b.connect(4);
  b.report(4, 12, nodes({3, 4}));
  // All have spoken, the lowest half wins, but node 3 must give back first.
  CHECK(b.last_word(3) == false);
  CHECK_FALSE(b.last_word(1).has_value());
  b.take(b.court.on_taken(NodeId{3}, b.last_number(3), b.now));
  CHECK(b.last_word(1) == true);
}

TEST_CASE("arbiter: a node that comes on a second connection holds what it held", "[arbiter]") {
  Bench b;
  b.connect(3);
  b.now += dead;
  b.report(3, 12, nodes({3, 4}));
  REQUIRE(b.last_word(3) == true);
  b.connect(3);
  CHECK(b.court.holders().count(NodeId{3}) == 1);
  b.connect(1);
  b.report(1, 20, nodes({1, 2, 4}));
  CHECK_FALSE(b.last_word(1).has_value());
}
