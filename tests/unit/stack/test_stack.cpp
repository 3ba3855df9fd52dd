// Whole stacks of a few nodes told one story each: forming, loss, return, wrong key, clients and their groups.
#include <catch2/catch.hpp>

#include "tests/sim_stack/world.hpp"

using namespace relevo;
using sim::World;
using sim::WorldOptions;

namespace {

/// Writes down what clients are told, one line each.
class Scribe : public sim::Observer {
 public:
  void on_event(std::uint32_t node, std::uint32_t, const stack::ClientEvent& e, Instant) override {
    auto text = std::visit([](const auto& body) { return line(body); }, e.body);
    if (e.all) lines[{node, 0}].push_back(text);
    for (auto c : e.clients) lines[{node, c}].push_back(text);
  }
  void after_step(std::uint32_t) override {}
  std::vector<std::string>& of(std::uint32_t node, stack::ClientId client) { return lines[{node, client}]; }

 private:
  template <class T>
  static std::string list(const std::vector<T>& items, std::string (*text)(const T&)) {
    std::string out;
    for (const auto& i : items) out += (out.empty() ? "" : " ") + text(i);
    return out;
  }
  static std::string text_of(const groups::Member& m) { return fmt::format("{}:{}", m.node, m.client); }
  static std::string text_of_node(const NodeId& n) { return fmt::format("{}", n); }
  static std::string text_of_left(const groups::Departure& d) {
    constexpr const char* names[] = {"join", "leave", "node_up", "node_down", "process_down"};
    return text_of(d.member) + "=" + names[static_cast<int>(d.reason)];
  }
  static std::string line(const Configuration& c) {
    return fmt::format("{} [{}]", c.kind == Configuration::Kind::regular ? "ring" : "trans", list(c.members, text_of_node));
  }
  static std::string line(const QuorumView& q) { return q.quorate ? "quorate" : "inquorate"; }
  static std::string line(const groups::GroupView& v) {
    return fmt::format("{} [{}] +[{}] -[{}]", v.group, list(v.members, text_of), list(v.joined, text_of), list(v.left, text_of_left));
  }
  static std::string line(const groups::GroupMessage& m) { return fmt::format("{} {}: {}", m.group, text_of(m.from), as_text(m.payload)); }
  static std::string line(const stack::Rejected& r) { return fmt::format("rejected {} {}: {}", r.group, r.tag, r.error.message); }

  std::map<std::pair<std::uint32_t, stack::ClientId>, std::vector<std::string>> lines;
};

WorldOptions nodes(std::uint32_t count) {
  WorldOptions o;
  o.nodes = count;
  return o;
}

struct Story {
  explicit Story(WorldOptions o) : world(std::move(o)) { world.observe(&scribe); }
  void start_all() {
    std::set<std::uint32_t> all;
    for (std::uint32_t n = 1; n <= world.nodes(); ++n) {
      world.start(n);
      all.insert(n);
    }
    REQUIRE(world.run_until([&] { return world.is_one_ring(all); }, 10s));
  }
  void join(std::uint32_t node, stack::ClientId client, const std::string& group) {
    world.input(node, stack::ClientJoin{client, group});
    world.run(50ms);
  }
  void say(std::uint32_t node, stack::ClientId client, const std::string& group, const std::string& text) {
    world.input(node, stack::ClientMulticast{client, group, groups::Guarantee::agreed, to_bytes(text), 7});
  }
  Scribe scribe;
  World world;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("stack: three nodes form one quorate ring within a second", "[stack]") {
  Story s(nodes(3));
  const auto begin = s.world.now();
  s.start_all();
  CHECK(s.world.now() - begin < 1s);
  for (std::uint32_t n : {1U, 2U, 3U}) CHECK(s.world.status(n).quorum.quorate);
}

TEST_CASE("stack: one node alone of three has a ring of its own and no quorum", "[stack]") {
  Story s(nodes(3));
  s.world.start(2);
  s.world.run(2s);
  CHECK(s.world.is_one_ring({2}));
  CHECK_FALSE(s.world.status(2).quorum.quorate);
  CHECK(s.world.status(2).quorum.reason == "not quorate: 1 of 3 expected votes, 2 needed");
}

TEST_CASE("stack: a crash gives the survivors a new quorate ring within 400 ms, a return a ring of all", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  s.world.run(3s);
  const auto crash = s.world.now();
  s.world.crash(2);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 3}); }, 5s));
  CHECK(s.world.now() - crash < 400ms);
  CHECK(s.world.status(1).quorum.quorate);
  const auto back = s.world.now();
  s.world.start(2);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2, 3}); }, 5s));
  CHECK(s.world.now() - back < 1s);
}

TEST_CASE("stack: a node that leaves is gone at once", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  s.world.run(1s);
  const auto begin = s.world.now();
  s.world.leave(3);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2}); }, 5s));
  CHECK(s.world.now() - begin < 100ms);
}

TEST_CASE("stack: a node that restarts faster than any time-out is noticed", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  s.world.run(1s);
  const auto before = s.world.status(1).ring;
  s.world.crash(3);
  s.world.start(3);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2, 3}) && s.world.status(1).ring != before; }, 5s));
  CHECK(s.world.status(1).counters.at("links.peer_restarts") == 1);
}

TEST_CASE("stack: a partition leaves quorum to the majority only, and healing makes one ring", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  s.world.run(1s);
  s.world.partition({{1}, {2, 3}});
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1}) && s.world.is_one_ring({2, 3}); }, 5s));
  CHECK_FALSE(s.world.status(1).quorum.quorate);
  CHECK(s.world.status(2).quorum.quorate);
  s.world.heal();
  CHECK(s.world.run_until([&] { return s.world.is_one_ring({1, 2, 3}); }, 5s));
}

TEST_CASE("stack: a node with another key neither joins nor disturbs, and both sides say so", "[stack]") {
  auto options = nodes(3);
  options.key_of[3] = 100;
  Story s(options);
  for (std::uint32_t n : {1U, 2U, 3U}) s.world.start(n);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2}); }, 5s));
  const auto ring = s.world.status(1).ring;
  s.world.run(25s);
  CHECK(s.world.status(1).ring == ring);
  CHECK(s.world.is_one_ring({3}));
  for (const auto& [node, peer] : std::map<std::uint32_t, int>{{1, 3}, {3, 1}}) {
    std::size_t told = 0;
    for (const auto& x : s.world.notes(node))
      told += x.text.find(fmt::format("packets from 10.0.0.{} cannot be authenticated", peer)) != std::string::npos ? 1U : 0U;
    CHECK(told == 3);
  }
}

TEST_CASE("stack: a client is told the ring and the quorum when it connects", "[stack]") {
  Story s(nodes(2));
  s.start_all();
  const auto c = s.world.connect(1);
  CHECK(s.scribe.of(1, c) == Lines{"ring [1 2]", "quorate"});
}

TEST_CASE("stack: clients in one group see the same views and messages; strangers see nothing", "[stack]") {
  Story s(nodes(2));
  s.start_all();
  const auto a = s.world.connect(1), b = s.world.connect(2), other = s.world.connect(2);
  for (auto* l : {&s.scribe.of(1, a), &s.scribe.of(2, b), &s.scribe.of(2, other)}) l->clear();
  s.join(1, a, "g");
  s.join(2, b, "g");
  s.join(2, other, "else");
  s.say(1, a, "g", "one");
  s.say(2, b, "g", "two");
  s.world.run(50ms);
  s.say(2, other, "g", "not a member");
  s.world.input(1, stack::ClientLeave{a, "g"});
  s.world.run(50ms);
  s.world.input(2, stack::ClientGone{b});
  s.world.run(50ms);
  CHECK(s.scribe.of(1, a) == Lines{"g [1:1] +[1:1] -[]", "g [1:1 2:1] +[2:1] -[]", "g 1:1: one", "g 2:1: two",
                                   "g [2:1] +[] -[1:1=leave]"});
  CHECK(s.scribe.of(2, b) == Lines{"g [1:1 2:1] +[2:1] -[]", "g 1:1: one", "g 2:1: two", "g [2:1] +[] -[1:1=leave]"});
  CHECK(s.scribe.of(2, other) == Lines{"else [2:2] +[2:2] -[]", "rejected g 7: not in group 'g': join it before sending to it"});
}

TEST_CASE("stack: what is sent while the ring re-forms is delivered in the new ring, after its view", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  std::map<std::uint32_t, stack::ClientId> c;
  for (std::uint32_t n : {1U, 2U, 3U}) {
    c[n] = s.world.connect(n);
    s.join(n, c[n], "g");
  }
  s.world.crash(3);
  for (auto n : {1U, 2U}) s.scribe.of(n, c[n]).clear();
  for (int i = 0; i < 4; ++i) {
    s.world.run(50ms);
    s.say(1, c[1], "g", std::to_string(i));
  }
  s.world.run(2s);
  const Lines expected = s.scribe.of(1, c[1]);
  CHECK(s.scribe.of(2, c[2]) == expected);
  REQUIRE(expected.size() == 6);
  CHECK(std::count(expected.begin(), expected.end(), "g [1:1 2:1] +[] -[3:1=node_down]") == 1);
  CHECK(std::count(expected.begin(), expected.end(), "g [1:1 2:1] +[] -[]") == 1);
  CHECK(expected.back() == "g 1:1: 3");
}

TEST_CASE("stack: merged partitions meet in one view that names who joined", "[stack]") {
  Story s(nodes(2));
  s.world.partition({{1}, {2}});
  s.world.start(1);
  s.world.start(2);
  s.world.run(1s);
  const auto a = s.world.connect(1), b = s.world.connect(2);
  s.join(1, a, "g");
  s.join(2, b, "g");
  s.scribe.of(1, a).clear();
  s.scribe.of(2, b).clear();
  s.world.heal();
  s.world.run(2s);
  CHECK(s.scribe.of(1, a) == Lines{"g [1:1 2:1] +[2:1] -[]"});
  CHECK(s.scribe.of(2, b) == Lines{"g [1:1 2:1] +[1:1] -[]"});
}

TEST_CASE("stack: expected votes change on all members at once, nonsense is refused at once", "[stack]") {
  Story s(nodes(3));
  s.start_all();
  s.world.crash(3);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2}); }, 5s));
  s.world.input(1, stack::SetExpectedVotes{1});
  s.world.input(1, stack::SetExpectedVotes{2});
  s.world.run(100ms);
  for (std::uint32_t n : {1U, 2U}) CHECK(s.world.status(n).quorum.expected_votes == 2);
}

TEST_CASE("stack: two nodes wait for each other once, then one alone goes on", "[stack]") {
  auto options = nodes(2);
  options.quorum = " two_node: 1\n";
  Story s(options);
  s.world.start(1);
  s.world.run(2s);
  CHECK_FALSE(s.world.status(1).quorum.quorate);
  CHECK(s.world.status(1).quorum.waiting_for_all);
  s.world.start(2);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1, 2}); }, 5s));
  CHECK(s.world.status(1).quorum.quorate);
  s.world.crash(2);
  REQUIRE(s.world.run_until([&] { return s.world.is_one_ring({1}); }, 5s));
  CHECK(s.world.status(1).quorum.quorate);
}

TEST_CASE("stack: options that contradict each other refuse the start and are named", "[stack]") {
  class Zero : public seal::Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{0}); }
  } zero;
  stack::Options o;
  o.self = NodeId{1};
  o.config.nodes = {{NodeId{1}, "a", {"10.0.0.1"}, 1}};
  o.addresses[NodeId{1}] = {*parse_ip("10.0.0.1", 5405)};
  o.config.quorum.configured = true;
  o.key = *seal::read_authkey(to_bytes("0123456789abcdef0123456789abcdef"), "key");
  CHECK(stack::Stack::create(o, zero));
  auto lms = o;
  lms.config.quorum.last_man_standing = true;
  lms.config.nodes[0].votes = 2;
  CHECK(stack::Stack::create(lms, zero).error().message.find("last_man_standing") != std::string::npos);
  auto stranger = o;
  stranger.self = NodeId{9};
  CHECK(stack::Stack::create(stranger, zero).error().message == "node 9 is not in the node list");
}
