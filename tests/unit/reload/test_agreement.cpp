// The agreement step by step: who is asked, who may say no, and what ends an attempt.
#include <catch2/catch.hpp>

#include "common/base/bytes.hpp"
#include "membership/reload/agreement.hpp"

using namespace relevo;
using namespace relevo::reload;

namespace {

constexpr InForce old_one{1, 100}, new_one{2, 200};
const std::vector<NodeId> both = {NodeId(1), NodeId(2)};

/// Two nodes in one ring, a step at a time; what one sends, the test delivers to both.
struct Pair {
  Agreement one{NodeId(1), old_one, "old"}, two{NodeId(2), old_one, "old"};
  Pair() {
    (void)one.on_regular(both);
    (void)two.on_regular(both);
  }
  std::vector<Event> deliver(NodeId from, const Message& message) {
    events_of_two = two.on_delivered(from, message).events;
    return one.on_delivered(from, message).events;
  }
  std::vector<Event> events_of_two;
};

Message propose(Agreement& agreement, Instant now = {}) {
  Output out;
  REQUIRE(agreement.propose(5, new_one, "new", now, out));
  REQUIRE(out.sends.size() == 1);
  return out.sends[0];
}

const Id id{NodeId(1), 5};

}  // namespace

TEST_CASE("agreement: both say yes, and both change at the last yes", "[reload]") {
  Pair p;
  const auto events = p.deliver(NodeId(1), propose(p.one));
  REQUIRE(events == std::vector<Event>{Check{id, new_one, "new"}});
  const auto yes_one = p.one.checked(id, "").sends, yes_two = p.two.checked(id, "").sends;
  REQUIRE(yes_one.size() == 1);
  CHECK(p.deliver(NodeId(2), yes_two[0]).empty());
  CHECK(p.one.in_force() == old_one);
  CHECK(p.deliver(NodeId(1), yes_one[0]) == std::vector<Event>{Commit{id, new_one, "new"}});
  CHECK(p.events_of_two == std::vector<Event>{Commit{id, new_one, "new"}});
  CHECK(p.one.in_force() == new_one);
  CHECK(p.two.text() == "new");
}

TEST_CASE("agreement: one no ends it everywhere, with its words", "[reload]") {
  Pair p;
  p.deliver(NodeId(1), propose(p.one));
  const auto no = p.two.checked(id, "disk is full").sends;
  const auto events = p.deliver(NodeId(2), no[0]);
  REQUIRE(events == std::vector<Event>{Aborted{id, "node 2 refused: disk is full"}});
  CHECK(p.deliver(NodeId(1), Vote{id, true, ""}).empty());
  CHECK(p.one.in_force() == old_one);
  CHECK_FALSE(p.one.view().under_way);
  (void)propose(p.one);  // and another attempt may begin
}

TEST_CASE("agreement: a second change has to wait for the end of the first", "[reload]") {
  Pair p;
  p.deliver(NodeId(1), propose(p.one));
  Output out;
  CHECK(p.two.propose(9, {3, 3}, "x", {}, out).error().kind == ErrorKind::try_again);
  const Id other{NodeId(2), 9};
  CHECK(p.deliver(NodeId(2), Prepare{other, old_one, {3, 3}, "x"}).size() == 1);
  CHECK(p.one.view().under_way == id);
}

TEST_CASE("agreement: who does not answer in time is named, and nobody changes", "[reload]") {
  Pair p;
  p.deliver(NodeId(1), propose(p.one, Instant{}));
  p.deliver(NodeId(1), p.one.checked(id, "").sends[0]);
  CHECK(p.one.next_deadline() == Instant{check_timeout});
  CHECK(p.one.tick(Instant{check_timeout - 1ms}).sends.empty());
  const auto gave_up = p.one.tick(Instant{check_timeout}).sends;
  REQUIRE(gave_up.size() == 1);
  const auto events = p.deliver(NodeId(1), gave_up[0]);
  REQUIRE(events.size() == 1);
  CHECK_THAT(std::get<Aborted>(events[0]).words, Catch::Contains("from node 2"));
  CHECK(p.two.checked(id, "").sends.empty());
}

TEST_CASE("agreement: a new ring ends what is under way", "[reload]") {
  Pair p;
  p.deliver(NodeId(1), propose(p.one));
  (void)p.one.on_transitional();
  CHECK(p.one.on_regular({NodeId(1)}).events == std::vector<Event>{Aborted{id, "the membership changed meanwhile"}});
}

TEST_CASE("agreement: what was given up before it was delivered never comes true", "[reload]") {
  Pair p;
  const auto late = propose(p.one);
  (void)p.one.on_transitional();
  CHECK(p.one.on_regular(both).events.size() == 1);
  (void)p.two.on_regular(both);
  const auto out = p.one.on_delivered(NodeId(1), late);
  REQUIRE(out.sends.size() == 1);
  CHECK_FALSE(std::get<Vote>(out.sends[0]).yes);
}

TEST_CASE("agreement: refused at once are an old version, a ring that breaks up, a text that is too long", "[reload]") {
  Pair p;
  Output out;
  CHECK(p.one.propose(1, old_one, "x", {}, out).error().kind == ErrorKind::invalid);
  CHECK(p.one.propose(1, new_one, std::string(max_text + 1, 'x'), {}, out).error().kind == ErrorKind::invalid);
  (void)p.one.on_transitional();
  CHECK(p.one.propose(1, new_one, "x", {}, out).error().kind == ErrorKind::try_again);
  CHECK(out.sends.empty());
}

TEST_CASE("agreement: a node with an older configuration is told, checks and takes over", "[reload]") {
  Agreement fresh(NodeId(1), new_one, "new"), stale(NodeId(2), old_one, "old");
  const std::map<NodeId, Standpoint> ring = {{NodeId(1), {new_one, true}}, {NodeId(2), {old_one, false}}};
  (void)fresh.on_regular(both);
  (void)stale.on_regular(both);
  CHECK(stale.on_synced(ring).sends.empty());
  const auto told = fresh.on_synced(ring).sends;
  REQUIRE(told == std::vector<Message>{Adopt{new_one, "new"}});
  CHECK(fresh.on_delivered(NodeId(1), told[0]).events.empty());
  CHECK(stale.on_delivered(NodeId(1), told[0]).events == std::vector<Event>{TakeOver{new_one, "new", NodeId(1)}});
  CHECK(stale.taken_over(new_one, "").events.empty());
  CHECK(stale.in_force() == new_one);
}

TEST_CASE("agreement: who cannot take over, or has another content of the same version, has to leave", "[reload]") {
  Agreement stale(NodeId(2), old_one, "old");
  (void)stale.on_regular(both);
  (void)stale.on_delivered(NodeId(1), Adopt{new_one, "new"});
  CHECK(std::holds_alternative<Clash>(stale.taken_over(new_one, "no such address").events.at(0)));
  CHECK(stale.in_force() == old_one);
  Agreement other(NodeId(2), {2, 999}, "other");
  (void)other.on_regular(both);
  const auto out = other.on_synced({{NodeId(1), {new_one, true}}, {NodeId(2), {{2, 999}, false}}});
  REQUIRE(out.events.size() == 1);
  CHECK_THAT(std::get<Clash>(out.events[0]).words, Catch::Contains("config_version 2"));
}

TEST_CASE("agreement: what comes newer while a node takes over is taken over next, and the text goes with its name", "[reload]") {
  Pair p;
  const InForce newest{3, 300};
  CHECK(p.one.on_delivered(NodeId(2), Adopt{new_one, "new"}).events == std::vector<Event>{TakeOver{new_one, "new", NodeId(2)}});
  CHECK(p.one.on_delivered(NodeId(2), Adopt{newest, "newest"}).events.empty());
  // Until it has taken over it is what it was, for those it may have to tell.
  CHECK(p.one.in_force() == old_one);
  CHECK(p.one.text() == "old");
  CHECK(p.one.taken_over(new_one, "").events == std::vector<Event>{TakeOver{newest, "newest", NodeId(2)}});
  CHECK(p.one.in_force() == new_one);
  CHECK(p.one.text() == "new");
  CHECK(p.one.taken_over(newest, "").events.empty());
  CHECK(p.one.in_force() == newest);
  CHECK(p.one.text() == "newest");
}

TEST_CASE("agreement: who cannot take over one that is out of date by then tries the newer one", "[reload]") {
  Pair p;
  (void)p.one.on_delivered(NodeId(2), Adopt{new_one, "new"});
  (void)p.one.on_delivered(NodeId(2), Adopt{{3, 300}, "newest"});
  CHECK(p.one.taken_over(new_one, "no such address").events == std::vector<Event>{TakeOver{{3, 300}, "newest", NodeId(2)}});
  CHECK(p.one.view().clash.empty());
  CHECK(p.one.taken_over({3, 300}, "no such address").events.size() == 1);
  CHECK_FALSE(p.one.view().clash.empty());
}
