// The sync barrier after each ring: views in the same place everywhere, nothing overtakes it, aborted syncs heal.
#include <catch2/catch.hpp>

#include "tests/unit/groups/bus.hpp"

using namespace relevo;
using test::Bus;
using test::Lines;

namespace {
/// One client 1 on each node, all in "g", everything settled.
Bus cluster(std::uint32_t nodes) {
  Bus bus(nodes);
  std::set<std::uint32_t> all;
  for (std::uint32_t n = 1; n <= nodes; ++n) all.insert(n);
  bus.ring(all);
  for (auto n : all) bus.join(n, 1, "g");
  bus.settle();
  bus.lines.clear();
  return bus;
}
}  // namespace

TEST_CASE("sync: departures are told right at the regular configuration, the full view when all lists are here", "[groups]") {
  auto bus = cluster(3);
  bus.ring({1, 2}, {1, 2});
  CHECK(bus.lines[1] == Lines{"configuration", "configuration", "1: g [ 1:1 2:1 ] -3:1"});
  bus.lines.clear();
  bus.one_from(2);
  CHECK(bus.lines[1].empty());
  bus.one_from(1);
  CHECK(bus.lines[1] == Lines{"synced n1 n2", "1: g [ 1:1 2:1 ]"});
  CHECK(bus.lines[2] == Lines{"synced n1 n2", "1: g [ 1:1 2:1 ]"});
}

TEST_CASE("sync: what a client sends during the sync goes out after the list, behind the view", "[groups]") {
  auto bus = cluster(2);
  bus.ring({1, 2}, {1, 2});
  bus.lines.clear();
  bus.say(1, 1, "g", "held");
  bus.one_from(1);
  CHECK(bus.groups.at(1).outgoing() == nullptr);
  bus.settle();
  CHECK(bus.lines[1] == Lines{"synced n1 n2", "1: g [ 1:1 2:1 ]", "1: g 1:1 says held"});
}

TEST_CASE("sync: a message that was in the ring's queue already is held at the receivers until the view", "[groups]") {
  auto bus = cluster(2);
  bus.say(1, 1, "g", "early");
  const auto queued = *bus.groups.at(1).outgoing();
  bus.groups.at(1).pop_outgoing();
  bus.ring({1, 2}, {1, 2});
  bus.lines.clear();
  for (std::uint32_t n : {1U, 2U}) bus.deliver(n, 1, queued);
  CHECK(bus.lines[2].empty());
  bus.settle();
  for (std::uint32_t n : {1U, 2U}) CHECK(bus.lines[n] == Lines{"synced n1 n2", "1: g [ 1:1 2:1 ]", "1: g 1:1 says early"});
}

TEST_CASE("sync: when the ring breaks up first, what was held goes to those who came along, before the next ring", "[groups]") {
  auto bus = cluster(3);
  bus.say(1, 1, "g", "early");
  const auto queued = *bus.groups.at(1).outgoing();
  bus.groups.at(1).pop_outgoing();
  bus.ring({1, 2, 3}, {1, 2, 3});
  for (std::uint32_t n : {1U, 2U, 3U}) bus.deliver(n, 1, queued);
  bus.lines.clear();
  bus.ring({1, 2}, {1, 2});
  const Lines expected{"configuration", "1: g 1:1 says early", "configuration", "1: g [ 1:1 2:1 ] -3:1"};
  CHECK(bus.lines[1] == expected);
  CHECK(bus.lines[2] == expected);
}

TEST_CASE("sync: what strangers sent before the lists were complete does not reach those of another past", "[groups]") {
  Bus bus(3);
  bus.regular({3});
  bus.join(3, 1, "g");
  bus.settle();
  bus.say(3, 1, "g", "from another ring");
  const auto queued = *bus.groups.at(3).outgoing();
  bus.groups.at(3).pop_outgoing();
  bus.regular({1, 2});
  bus.join(1, 1, "g");
  bus.settle();
  // One ring of all; the message of 3 is delivered, but the ring ends before the lists are complete.
  bus.transitional({1, 2});
  bus.transitional({3});
  bus.regular({1, 2, 3});
  for (std::uint32_t n : {1U, 2U, 3U}) bus.deliver(n, 3, queued);
  bus.lines.clear();
  bus.transitional({1, 2, 3});
  bus.regular({1, 2, 3});
  CHECK(bus.lines[1] == Lines{"configuration", "configuration"});
  CHECK(bus.lines[3] == Lines{"configuration", "1: g 3:1 says from another ring", "configuration"});
  bus.settle();
  CHECK(bus.lines[1].back() == "1: g [ 1:1 3:1 ] +3:1");
  CHECK(bus.lines[3].back() == "1: g [ 1:1 3:1 ] +1:1");
}

TEST_CASE("sync: a member that was away, even for one ring only, leaves and joins in the eyes of the others", "[groups]") {
  auto bus = cluster(3);
  bus.transitional({1, 2});
  bus.transitional({3});
  bus.lines.clear();
  bus.regular({1, 2, 3});
  bus.settle();
  CHECK(bus.lines[1] == Lines{"configuration", "1: g [ 1:1 2:1 ] -3:1", "synced n1 n2 n3", "1: g [ 1:1 2:1 3:1 ] +3:1"});
  CHECK(bus.lines[3] == Lines{"configuration", "1: g [ 3:1 ] -1:1 -2:1", "synced n1 n2 n3", "1: g [ 1:1 2:1 3:1 ] +1:1 +2:1"});
}

TEST_CASE("sync: a list of an earlier ring completes nothing", "[groups]") {
  auto bus = cluster(2);
  bus.ring({1, 2}, {1, 2});
  const auto old_list = *bus.groups.at(2).outgoing();
  bus.groups.at(2).pop_outgoing();
  bus.ring({1, 2}, {1, 2});
  bus.lines.clear();
  bus.one_from(1);
  for (std::uint32_t n : {1U, 2U}) bus.deliver(n, 2, old_list);
  CHECK_FALSE(bus.groups.at(1).is_synced());
  bus.settle();
  CHECK(bus.groups.at(1).is_synced());
}

TEST_CASE("sync: the last list may come while the ring breaks up; that is said", "[groups]") {
  auto bus = cluster(2);
  bus.ring({1, 2}, {1, 2});
  bus.one_from(1);
  bus.transitional({1, 2});
  bus.lines.clear();
  bus.one_from(2);
  CHECK(bus.lines[1].front() == "synced n1 n2 breaking up");
}

TEST_CASE("sync: a client that vanished during the sync is in the lists and gone right after", "[groups]") {
  auto bus = cluster(2);
  bus.ring({1, 2}, {1, 2});
  bus.lines.clear();
  bus.groups.at(2).gone(1);
  bus.settle();
  CHECK(bus.lines[1] == Lines{"synced n1 n2", "1: g [ 1:1 2:1 ]", "1: g [ 1:1 ] -2:1"});
  CHECK(bus.groups.at(1).members().at("g").size() == 1);
  CHECK(bus.groups.at(2).members() == bus.groups.at(1).members());
}
